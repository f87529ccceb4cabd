import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Row } from '../row.js';
import { putWav, tone } from '../sounds.js';

export const row: Row = {
  about: 'two sounds of one name do not share a picture',
  make(folder) {
    putWav(folder, 'x.wav', tone(69));
    // What it holds is told by its content, not by its name.
    putWav(folder, 'x.flac', tone(57));
  },
  async check(bench) {
    const { status, stdout } = await bench.gansynth('rainbowgram', bench.inputs, '-o', 'o', '--json');
    expect(status).toBe(0);
    const { files } = JSON.parse(stdout) as { files: string[] };
    expect(files).toEqual([join('o', 'x.flac.png'), join('o', 'x.wav.png')]);
    for (const file of files) expect(existsSync(join(bench.folder, file))).toBe(true);
  },
};
