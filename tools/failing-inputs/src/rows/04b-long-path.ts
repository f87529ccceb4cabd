import { expect } from 'vitest';
import type { Row } from '../row.js';
import { putWav, tone } from '../sounds.js';

const above =
  'Orchestral Sample Library Volume One Deluxe Edition/Strings Section Sustains And Other Articulations/Recorded In The Big Hall With Close Mics';

export const row: Row = {
  about: 'two folders whose paths are long and begin alike are two instruments',
  make(folder) {
    putWav(folder, `${above}/Cellos/C4.wav`, tone(60));
    putWav(folder, `${above}/Violins/C4.wav`, tone(60, { partials: [1, 0.8, 0.6] }));
  },
  async check(bench) {
    const { status, notes } = await bench.import();
    expect(status).toBe(0);
    const metadata = (await notes()).map((note) => note.metadata);
    expect(metadata.map(({ instrument }) => instrument).sort()).toEqual([0, 1]);
    expect(new Set(metadata.map((one) => one.instrument_str)).size).toBe(2);
  },
};
