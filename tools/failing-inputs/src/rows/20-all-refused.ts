import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Row } from '../row.js';
import { noise, putWav, tone } from '../sounds.js';

export const row: Row = {
  about: 'an import of nothing leaves nothing in the way',
  make(folder) {
    putWav(folder, 'first/noise_x.wav', noise(16_000, 0.6));
    putWav(folder, 'second/C4.wav', tone(60));
  },
  async check(bench) {
    const importing = (name: string) => bench.gansynth('data', 'import', join(bench.inputs, name), '--to', 'c', '--json');
    expect((await importing('first')).status).toBe(3);
    expect(existsSync(join(bench.folder, 'c'))).toBe(false);
    const { status, stdout } = await importing('second');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ imported: 1 });
  },
};
