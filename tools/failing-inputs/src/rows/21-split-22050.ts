import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Row } from '../row.js';
import { putWav, tone } from '../sounds.js';

export const row: Row = {
  about: 'a collection of another rate is split and looked at without being told its rate',
  make(folder) {
    for (const [name, pitch] of Object.entries({ C3: 48, D3: 50, E3: 52, F3: 53, G3: 55 }))
      putWav(folder, `pno/${name}.wav`, tone(pitch, { sampleRate: 22_050 }), 22_050);
  },
  async check(bench) {
    expect((await bench.gansynth('data', 'import', bench.inputs, '--to', 'c', '--rate', '22050')).status).toBe(0);
    const split = await bench.gansynth('data', 'split', 'c');
    expect(split.status, split.stderr).toBe(0);
    expect(readFileSync(join(bench.folder, 'split.csv'), 'utf8').trim().split('\n')).toHaveLength(6);
    const { stdout } = await bench.gansynth('data', 'inspect', 'c', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ notes: 5, sampleRate: 22_050 });
  },
};
