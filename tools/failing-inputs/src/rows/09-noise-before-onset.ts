import { expect } from 'vitest';
import type { Row } from '../row.js';
import { noise, putWav, tone } from '../sounds.js';

export const row: Row = {
  about: 'faint noise before a note does not delay it',
  make(folder) {
    const audio = noise(28_000, 0.6 * 10 ** (-45 / 20));
    for (const [index, value] of tone(57, { seconds: 1 }).entries()) audio[12_000 + index] = (audio[12_000 + index] ?? 0) + value;
    putWav(folder, 'note.wav', audio);
  },
  async check(bench) {
    const { status, file, notes } = await bench.import();
    expect(status).toBe(0);
    expect(file('note.wav').done?.join()).toMatch(/before the note/);
    const [note] = await notes();
    expect(note?.audio.data.findIndex((value) => Math.abs(value) > 0.1)).toBeLessThan(320);
  },
};
