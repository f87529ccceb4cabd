import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readSound } from '@gansynth/nsynth-data';
import type { Row } from '../row.js';
import { peakOf, putWav, tone } from '../sounds.js';

export const row: Row = {
  about: 'a recording that becomes loud only after the part that is kept',
  make(folder) {
    const [quiet, loud] = [tone(57, { seconds: 3, peak: 0.05, decay: 0 }), tone(57, { seconds: 1, peak: 0.9, decay: 0 })];
    putWav(folder, 'quiet_then_loud.wav', Float32Array.from([...quiet, ...loud]));
  },
  async check(bench) {
    const words = ['project', join(bench.inputs, 'quiet_then_loud.wav'), '--candidates', '1', '--steps', '0', '--json'];
    const { status, stdout, stderr } = await bench.gansynth(...words);
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ pitch: 57 });
    const { samples } = await readSound(join(bench.folder, 'projection', 'recording.wav'));
    expect(peakOf(samples)).toBeCloseTo(0.95, 3);
    expect(readFileSync(join(bench.folder, 'projection', 'latents.json'), 'utf8')).toContain('gansynth-latents');
  },
};
