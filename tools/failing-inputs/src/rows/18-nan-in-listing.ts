import { expect } from 'vitest';
import type { Row } from '../row.js';
import { listing, put, putWav, tone } from '../sounds.js';

const [bad, good] = ['guitar_acoustic_001-060-100', 'guitar_acoustic_001-062-100'];

export const row: Row = {
  about: 'one NaN in examples.json is one bad note',
  make(folder) {
    put(folder, 'examples.json', listing([bad, good]).replace('"velocity": 100', '"velocity": NaN'));
    putWav(folder, `audio/${bad}.wav`, tone(60));
    putWav(folder, `audio/${good}.wav`, tone(62));
  },
  async check(bench) {
    const { status, stdout } = await bench.gansynth('data', 'inspect', bench.inputs, '--skip-bad', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ notes: 1, pitches: { 62: 1 } });
    expect(JSON.parse(stdout)).toMatchObject({ refused: { faults: [{ record: bad }] } });
  },
};
