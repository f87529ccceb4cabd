import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { framesBefore, representation } from '../../src/index.js';
import { noise } from '../signals.js';

/** Which frames the beginning of a note decides, of every kind of image. */
export function framesBeforeSuite({ gpu = false }: { readonly gpu?: boolean } = {}): void {
  describe('frames before', () => {
    it.each([
      { kind: 'phase', frames: 32, bins: 64, samples: 900 },
      { kind: 'if', frames: 32, bins: 64, samples: 900 },
      { kind: 'if-mel', frames: 32, bins: 64, samples: 900 },
      { kind: 'if-mel-harmonic', frames: 32, bins: 32, fullFrames: 32, fullBins: 64, samples: 900 },
      // Its windows are long; on a GPU that is a processor, half a minute.
      ...(gpu
        ? []
        : [{ kind: 'harmonic', frames: 20, bins: 10, noiseBands: 3, onsetFrames: 4, onsetHop: 64, samples: 4096 } as const]),
      { kind: 'waveform', samples: 900 },
    ] as const)('$kind: says which frames the beginning of a note decides', async (options) => {
      const rep = representation(options as { kind: 'if' });
      const end = Math.round(0.6 * rep.samples);
      const whole = noise(rep.samples);
      const beginning = whole.map((value, n) => (n < end ? value : 0));
      const images = tf.tidy(() => rep.encode(tf.tensor2d([...whole, ...beginning], [2, rep.samples]), [60, 60]));
      const [a, b] = (await images.array()) as [number[][][], number[][][]];
      images.dispose();
      const known = await framesBefore(rep, end, 60);
      const same = Array.from(known, (_, frame) =>
        a[frame]!.flat().every((value, i) => Math.abs(value - b[frame]!.flat()[i]!) < 1e-4),
      );
      for (const [frame, one] of known.entries()) if (one === 1) expect(same[frame]).toBe(true);
      // Not every frame that could differ does, by a sample of noise that is small by itself.
      expect(known.filter((one, frame) => one === 0 && same[frame]).length).toBeLessThan(0.02 * rep.frames);
      const share = known.reduce((sum, one) => sum + one, 0) / rep.frames;
      expect(share).toBeGreaterThan(0.3);
      expect(share).toBeLessThan(0.75);
      expect(Math.min(...(await framesBefore(rep, rep.samples, 60)))).toBe(1);
    });

    it('refuses samples that cannot be counted', async () => {
      const rep = representation({ kind: 'if', frames: 32, bins: 64, samples: 900 });
      for (const wrong of [-1, 0.5, Number.NaN]) {
        await expect(framesBefore(rep, wrong, 60)).rejects.toThrow(/framesBefore: expected samples to be/);
      }
    });
  });
}
