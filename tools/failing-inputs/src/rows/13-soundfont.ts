import { join } from 'node:path';
import { openDataset } from '@gansynth/nsynth-data';
import { BasicSoundBank } from 'spessasynth_core';
import { expect } from 'vitest';
import type { Row } from '../row.js';
import { put } from '../sounds.js';

/** Where the bank of the first preset stands behind the chunk's name: its length, a name of 20 bytes and a program. */
const bankAt = 4 + 4 + 20 + 2;

export const row: Row = {
  about: 'a SoundFont whose presets lie in another bank than 0',
  async make(folder) {
    const font = Buffer.from(await BasicSoundBank.getSampleSoundBankFile());
    font.writeUInt16LE(1, font.lastIndexOf('phdr') + bankAt);
    put(folder, 'bank1.sf2', font);
  },
  async check(bench) {
    const words = ['--to', 'x', '-p', '60-62', '--velocities', '100'];
    const { status, stdout, stderr } = await bench.gansynth(
      'data',
      'render',
      join(bench.inputs, 'bank1.sf2'),
      ...words,
      '--json',
    );
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ notes: 3, silent: 0, bank: 1 });
    const dataset = await openDataset(join(bench.folder, 'x'), { index: false });
    expect([...dataset.listing()].map(({ pitch }) => pitch)).toEqual([60, 61, 62]);
    const other = await bench.gansynth('data', 'render', join(bench.inputs, 'bank1.sf2'), ...words, '--to', 'y', '--bank', '0');
    expect(other.status).toBe(3);
    expect(other.stderr).toMatch(/expected a bank that .* has \(1\), found 0/);
  },
};
