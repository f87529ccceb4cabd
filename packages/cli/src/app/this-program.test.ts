import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { thisProgram } from './this-program.js';

it('is named as it was called', () => {
  expect(thisProgram('/usr/local/bin/gansynth')).toBe('gansynth');

  expect(thisProgram(resolve('packages/cli/dist/main.js'))).toBe('node packages/cli/dist/main.js');
  expect(thisProgram('/elsewhere/dist/main.js')).toBe('node /elsewhere/dist/main.js');
});
