import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Row } from '../row.js';
import { put, putWav, tone } from '../sounds.js';

export const row: Row = {
  about: 'a hidden file that macOS leaves beside a sound is no sound',
  make(folder) {
    putWav(folder, 'a.wav', tone(69));
    put(folder, '._a.wav', Buffer.concat([Buffer.from([0, 5, 0x16, 7, 0, 2, 0, 0]), Buffer.from('Mac OS X'), Buffer.alloc(100)]));
  },
  async check(bench) {
    const { status, stdout } = await bench.gansynth('rainbowgram', bench.inputs, '-o', 'o', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ files: [join('o', 'a.png')], refused: [] });
    expect(existsSync(join(bench.folder, 'o', 'a.png'))).toBe(true);
  },
};
