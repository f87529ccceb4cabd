import { expect } from 'vitest';
import type { Row } from '../row.js';
import { putWav, tone } from '../sounds.js';

export const row: Row = {
  about: 'a bass clarinet is a reed and no bass',
  make(folder) {
    putWav(folder, 'Bass Clarinet/C3.wav', tone(48, { partials: [1, 0, 0.6, 0, 0.4] }));
  },
  async check(bench) {
    const { status, notes } = await bench.import();
    expect(status).toBe(0);
    expect((await notes()).map(({ family }) => family)).toEqual(['reed']);
  },
};
