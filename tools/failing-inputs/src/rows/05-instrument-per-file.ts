import { expect } from 'vitest';
import type { Row } from '../row.js';
import { putWav, tone } from '../sounds.js';

export const row: Row = {
  about: 'piano_60 to piano_63 are four notes of one instrument',
  make(folder) {
    for (const pitch of [60, 61, 62, 63]) putWav(folder, `piano_${pitch}.wav`, tone(pitch));
  },
  async check(bench) {
    const { status, notes } = await bench.import();
    expect(status).toBe(0);
    const made = await notes();
    expect(made.map(({ pitch }) => pitch).sort()).toEqual([60, 61, 62, 63]);
    expect(new Set(made.map(({ instrument }) => instrument))).toEqual(new Set(['piano']));
    expect(new Set(made.map(({ metadata }) => metadata.instrument))).toEqual(new Set([0]));
  },
};
