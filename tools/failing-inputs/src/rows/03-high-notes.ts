import { expect } from 'vitest';
import type { Row } from '../row.js';
import { putWav, tone } from '../sounds.js';

export const row: Row = {
  about: 'high notes are not heard an octave or a twelfth low',
  make(folder) {
    putWav(folder, 'tone_102hi.wav', tone(102, { partials: [1], seconds: 1.2, decay: 0 }));
    putWav(folder, 'tone_105hi.wav', tone(105, { partials: [1, 0.5, 0.33], seconds: 1.2, decay: 0 }));
    putWav(folder, 'tone_94hi.wav', tone(94, { partials: [1, 0.7, 0.5], seconds: 1.2, decay: 2 }));
  },
  async check(bench) {
    const { status, file } = await bench.import();
    expect(status).toBe(0);
    for (const pitch of [102, 105, 94])
      expect(file(`tone_${pitch}hi.wav`)).toMatchObject({ status: 'imported', pitch, pitchFrom: 'measured' });
  },
};
