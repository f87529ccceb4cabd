import { join } from 'node:path';
import { expect } from 'vitest';
import type { Row } from '../row.js';
import { put } from '../sounds.js';

export const row: Row = {
  about: 'a recipe with a byte order mark, as editors on Windows write it',
  make(folder) {
    put(folder, 'recipe.json', '\uFEFF{ "name": "mine" }\n');
  },
  async check(bench) {
    const { status, stdout } = await bench.gansynth('recipes', 'validate', join(bench.inputs, 'recipe.json'));
    expect(status).toBe(0);
    expect(stdout).toContain('valid, run id');
  },
};
