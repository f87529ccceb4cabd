import { encodeWav } from '@gansynth/nsynth-data';
import { expect } from 'vitest';
import type { Row } from '../row.js';
import { put } from '../sounds.js';

/** Appends a chunk to a RIFF file and puts its length right. */
function withChunk(wav: Uint8Array, id: string, body: Uint8Array): Uint8Array {
  const head = Buffer.alloc(8);
  head.write(id, 'latin1');
  head.writeUInt32LE(body.length, 4);
  const whole = Buffer.concat([wav, head, body]);
  whole.writeUInt32LE(whole.length - 8, 4);
  return whole;
}

export const row: Row = {
  about: "an inharmonic sound has the pitch that the file's sampler chunk says",
  make(folder) {
    // A bell's partials: no period to measure.
    const ratios = [0.56, 0.92, 1.19, 1.71, 2, 2.74, 3];
    const audio = Float32Array.from({ length: 12_000 }, (_, n) => {
      const t = n / 16_000;
      return ratios.reduce((sum, ratio) => sum + 0.12 * Math.sin(2 * Math.PI * 440 * ratio * t) * Math.exp(-3 * ratio * t), 0);
    });
    const sampler = Buffer.alloc(36);
    sampler.writeUInt32LE(69, 12);
    put(folder, 'bell.wav', withChunk(encodeWav(audio, 16_000), 'smpl', sampler));
  },
  async check(bench) {
    const { status, file } = await bench.import();
    expect(status).toBe(0);
    expect(file('bell.wav')).toMatchObject({ pitch: 69, pitchFrom: 'file' });
  },
};
