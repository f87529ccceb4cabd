import { expect } from 'vitest';
import type { Row } from '../row.js';
import { putWav, tone } from '../sounds.js';

export const row: Row = {
  about: 'a constant under the sound is taken away: it hides neither pitch nor onset',
  make(folder) {
    const note = tone(57, { seconds: 1, peak: 0.4 });
    const audio = new Float32Array(20_000).fill(0.25);
    for (const [index, value] of note.entries()) audio[4000 + index] = 0.25 + value;
    putWav(folder, 'note.wav', audio);
  },
  async check(bench) {
    const { status, file, notes } = await bench.import();
    expect(status).toBe(0);
    expect(file('note.wav')).toMatchObject({ pitch: 57 });
    const [note] = await notes();
    const samples = note?.audio.data ?? new Float32Array();
    expect(Math.abs(samples.reduce((sum, value) => sum + value, 0) / samples.length)).toBeLessThan(0.005);
    // Silence, were there some left before the note: 20 ms at 16 kHz.
    expect(samples.findIndex((value) => Math.abs(value) > 0.05)).toBeLessThan(320);
  },
};
