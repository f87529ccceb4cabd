import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { thisProgram, wordsOfThisProgram } from './this-program.js';

it('is named as it was called', () => {
  expect(thisProgram('/usr/local/bin/gansynth')).toBe('gansynth');

  expect(thisProgram(resolve('packages/cli/dist/main.js'))).toBe('node packages/cli/dist/main.js');
  expect(thisProgram('/elsewhere/dist/main.js')).toBe('node /elsewhere/dist/main.js');
});

it('is named so that it is found from any folder', () => {
  expect(wordsOfThisProgram('/usr/local/bin/gansynth')).toEqual(['gansynth']);
  expect(wordsOfThisProgram('dist/main.js')).toEqual(['node', resolve('dist/main.js')]);
});
