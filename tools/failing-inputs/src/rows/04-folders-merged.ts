import { expect } from 'vitest';
import type { Row } from '../row.js';
import { putWav, tone } from '../sounds.js';

export const row: Row = {
  about: 'folders named in another script are instruments of their own, by their names',
  make(folder) {
    putWav(folder, 'ピアノ/C4.wav', tone(60));
    putWav(folder, 'フルート/C4.wav', tone(60, { partials: [1, 0.1] }));
  },
  async check(bench) {
    const { status, notes } = await bench.import();
    expect(status).toBe(0);
    const metadata = (await notes()).map((note) => note.metadata);
    expect(metadata.map(({ instrument }) => instrument).sort()).toEqual([0, 1]);
    expect(metadata.map((one) => one.instrument_str).sort()).toEqual(['ピアノ', 'フルート'].sort());
  },
};
