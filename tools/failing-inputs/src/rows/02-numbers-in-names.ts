import { expect } from 'vitest';
import type { Row } from '../row.js';
import { putWav, tone } from '../sounds.js';

const right: Readonly<Record<string, number>> = {
  'recording 001.wav': 57,
  'recording 002.wav': 64,
  'Korg M1 Piano C4.wav': 60,
  'SH-101 bass.wav': 45,
  'Hammond B3 060.wav': 60,
};

export const row: Row = {
  about: 'take numbers and names of models are no pitches',
  make(folder) {
    for (const [name, pitch] of Object.entries(right)) putWav(folder, name, tone(pitch));
  },
  async check(bench) {
    const { status, file } = await bench.import();
    expect(status).toBe(0);
    for (const [name, pitch] of Object.entries(right)) expect(file(name), name).toMatchObject({ status: 'imported', pitch });
  },
};
