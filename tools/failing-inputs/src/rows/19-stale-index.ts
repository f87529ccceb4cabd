import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Row } from '../row.js';
import { listing, put, putWav, tone } from '../sounds.js';

const pitches = [60, 62, 64];
const id = (pitch: number): string => `guitar_acoustic_001-0${pitch}-100`;

export const row: Row = {
  about: 'a sound put in its place later is found',
  make(folder) {
    put(folder, 'examples.json', listing(pitches.map(id)));
    for (const pitch of pitches) putWav(folder, `${pitch === 64 ? '' : 'audio/'}${id(pitch)}.wav`, tone(pitch));
  },
  async check(bench) {
    const inspect = async (): Promise<unknown> => {
      const { stdout } = await bench.gansynth('data', 'inspect', bench.inputs, '--skip-bad', '--json');
      return JSON.parse(stdout);
    };
    expect(await inspect()).toMatchObject({ notes: 2, refused: { count: 1 } });
    for (const name of readdirSync(bench.inputs).filter((one) => one.endsWith('.wav')))
      renameSync(join(bench.inputs, name), join(bench.inputs, 'audio', name));
    expect(await inspect()).toMatchObject({ notes: 3, refused: { count: 0 } });
  },
};
