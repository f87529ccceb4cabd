import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { harmonicRepresentation, midiToFrequency } from '../../src/index.js';

/** Small images relative to a pitch, small enough for the software GPU of a browser. */
export function harmonicSuite(): void {
  const full = { fullFrames: 32, fullBins: 128, samples: 2000 } as const;
  const pitch = 81;
  const fundamental = midiToFrequency(pitch);

  describe('harmonic representation', () => {
    it('has a comb that is high where harmonics are, on every backend', () => {
      const planes = harmonicRepresentation({ ...full, frames: 32, bins: 128 }).planes([pitch]);
      const [comb, cosine] = [0, 1].map((c) => planes.filter((_, i) => i % 3 === c)) as [Float32Array, Float32Array];
      const means = [comb, cosine].map((x) => x.reduce((sum, value) => sum + value, 0) / x.length) as [number, number];
      let [ab, aa, bb] = [0, 0, 0];
      for (const [m, value] of comb.entries()) {
        const [a, b] = [value - means[0], cosine[m]! - means[1]];
        [ab, aa, bb] = [ab + a * b, aa + a * a, bb + b * b];
      }
      expect(ab / Math.sqrt(aa * bb)).toBeGreaterThan(0.5);
    });

    it('keeps a tone on its harmonics through an image of 8 x 16', async () => {
      const codec = harmonicRepresentation({ ...full, frames: 8, bins: 16 });
      const tone = Float32Array.from({ length: 2000 }, (_, n) =>
        [1, 2, 3].reduce((sum, h) => sum + (0.3 / h) * Math.sin((2 * Math.PI * h * fundamental * n) / 16_000 + h), 0),
      );
      const image = codec.encode(tf.tensor2d(tone, [1, 2000]), [pitch]);
      const back = await codec.decode(image, [pitch]).data();
      // A direct transform of 1024 samples, 15.6 Hz a bin: the main lobe of its Hann window reaches 2 bins.
      let [on, all] = [0, 0];
      for (let k = 4; k < 500; k++) {
        let [re, im] = [0, 0];
        for (let n = 0; n < 1024; n++) {
          const x = back[500 + n]! * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / 1024));
          re += x * Math.cos((2 * Math.PI * k * n) / 1024);
          im += x * Math.sin((2 * Math.PI * k * n) / 1024);
        }
        const frequency = (k * 16_000) / 1024;
        const power = re * re + im * im;
        all += power;
        if (Math.abs(frequency - Math.max(1, Math.round(frequency / fundamental)) * fundamental) < 40) on += power;
      }
      expect(all).toBeGreaterThan(1);
      expect(on / all).toBeGreaterThan(0.9);
    });
  });
}
