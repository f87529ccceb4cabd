import * as tf from '@tensorflow/tfjs-core';
import { directionalDerivatives, expectClose, expectNoLeak } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import {
  istft,
  makeWindow,
  NonFiniteError,
  OptionError,
  ShapeError,
  stft,
  type EngineName,
  type StftOptions,
} from '../../src/index.js';
import { hann, naiveStft } from '../oracle.js';
import { noise } from '../signals.js';

const cases: readonly (StftOptions & { samples: number; batch: number })[] = [
  { fftSize: 4, hop: 1, samples: 9, batch: 1 },
  { fftSize: 8, samples: 8, batch: 1 },
  { fftSize: 16, hop: 16, samples: 50, batch: 2, window: makeWindow('hamming', 16) },
  { fftSize: 32, hop: 8, samples: 100, batch: 3, padLeft: 24 },
  { fftSize: 64, hop: 24, samples: 331, batch: 1, window: makeWindow('blackman', 64) },
  { fftSize: 128, hop: 50, samples: 400, batch: 2, padLeft: 7 },
];

const title = ({ fftSize, hop, samples, batch, padLeft }: (typeof cases)[number]): string =>
  `${batch} x ${samples} samples, fftSize ${fftSize}, hop ${hop ?? fftSize / 4}, padLeft ${padLeft ?? 0}`;

const at = async (x: tf.Tensor, ...index: number[]): Promise<number> =>
  (
    await tf
      .slice(
        x,
        index,
        index.map(() => 1),
      )
      .data()
  )[0]!;

const silence = (samples: number, batch = 1): tf.Tensor2D => tf.zeros([batch, samples]);

/** The short-time transform and its inverse. `engines` that this backend can run. */
export function stftSuite(engines: readonly EngineName[]): void {
  for (const engine of engines) {
    describe(`stft and istft, ${engine} engine`, () => {
      for (const entry of cases) {
        const { samples, batch, ...options } = entry;
        const { fftSize, hop = fftSize / 4, padLeft = 0, window } = options;
        const input = noise(batch * samples);
        const audio = (): tf.Tensor2D => tf.tensor2d(input, [batch, samples]);

        it(`equals the sum over every term: ${title(entry)}`, async () => {
          const { real, imaginary } = stft(audio(), { ...options, engine });
          const frames = 1 + Math.floor((padLeft + samples - fftSize) / hop);
          expect(real.shape).toEqual([batch, frames, fftSize / 2 + 1]);
          const naive = Array.from({ length: batch }, (_, item) =>
            naiveStft(
              input.subarray(item * samples, (item + 1) * samples),
              window ? Array.from(window) : hann(fftSize),
              hop,
              padLeft,
              frames,
            ),
          );
          // float32 sums of up to 128 terms below 0.5.
          expectClose(
            await real.data(),
            naive.flatMap((n) => n.real.flat()),
            { absolute: 2e-5, label: 'real' },
          );
          expectClose(
            await imaginary.data(),
            naive.flatMap((n) => n.imaginary.flat()),
            { absolute: 2e-5, label: 'imaginary' },
          );
        });

        it(`comes back where frames overlap: ${title(entry)}`, async () => {
          const spectrum = stft(audio(), { ...options, engine });
          const back = istft(spectrum, { ...options, engine });
          const covered = back.shape[1];
          const values = await back.data();
          // A sample comes back if a frame whose window is not 0 there covers it.
          const reached = (n: number): boolean =>
            Array.from({ length: spectrum.real.shape[1] }, (_, t) => n + padLeft - t * hop).some(
              (m) => m >= 0 && m < fftSize && (window === undefined ? m > 0 : window[m]! > 1e-3),
            );
          const everyFrame = (n: number): boolean => n + padLeft >= fftSize - hop && n < covered - (fftSize - hop);
          for (let item = 0; item < batch; item++) {
            for (let n = 0; n < covered; n++) {
              if (!everyFrame(n) || !reached(n)) continue;
              expect(values[item * covered + n]).toBeCloseTo(input[item * samples + n]!, 4);
            }
          }
        });
      }

      it('has the gradient that finite differences have, both ways', async () => {
        const options = { fftSize: 16, hop: 4, padLeft: 3, engine };
        const weight = tf.tensor3d(noise(9 * 9, { seed: 3 }), [1, 9, 9]);
        const forward = (x: tf.Tensor): tf.Scalar => {
          const { real, imaginary } = stft(x as tf.Tensor2D, options);
          return tf.sum(tf.mul(tf.add(tf.square(real), imaginary), weight));
        };
        for (const [numeric, analytic] of await directionalDerivatives(forward, tf.tensor2d(noise(45), [1, 45]))) {
          expect(analytic).toBeCloseTo(numeric, 2);
        }
        const backward = (x: tf.Tensor): tf.Scalar => {
          const [real, imaginary] = tf.unstack(x) as [tf.Tensor3D, tf.Tensor3D];
          return tf.sum(tf.square(istft({ real, imaginary }, options)));
        };
        for (const [numeric, analytic] of await directionalDerivatives(backward, tf.tensor4d(noise(2 * 81), [2, 1, 9, 9]))) {
          expect(analytic).toBeCloseTo(numeric, 2);
        }
      });

      it('has a second derivative: the gradient of a squared spectrum is linear in the audio', async () => {
        const options = { fftSize: 8, engine };
        const energy = (x: tf.Tensor): tf.Scalar => tf.sum(tf.square(stft(x as tf.Tensor2D, options).real));
        const x = tf.tensor2d(noise(20), [1, 20]);
        const v = tf.tensor2d(noise(20, { seed: 5 }), [1, 20]);
        // energy is quadratic, so H v = grad(v) exactly.
        const hessian = tf.grad((y) => tf.sum(tf.mul(tf.grad(energy)(y), v)))(x);
        expectClose(await hessian.data(), await tf.grad(energy)(v).data(), { absolute: 1e-4 });
      });

      it('leaves no tensor behind', async () => {
        const audio = tf.zeros<tf.Rank.R2>([1, 64]);
        await expectNoLeak(() => {
          const { real, imaginary } = stft(audio, { fftSize: 16, engine });
          const back = istft({ real, imaginary }, { fftSize: 16, engine });
          tf.dispose([real, imaginary, back]);
        });
        await expectNoLeak(() => {
          tf.dispose(tf.grad((x) => tf.sum(stft(x as tf.Tensor2D, { fftSize: 16, engine }).real))(audio));
        });
      });

      it('keeps the first sample of a ramp in its place, and cuts to `samples`', async () => {
        const ramp = tf.tensor2d(
          Float32Array.from({ length: 64 }, (_, n) => n + 1),
          [1, 64],
        );
        const options = { fftSize: 16, hop: 4, padLeft: 12, engine };
        const back = istft(stft(ramp, options), { ...options, samples: 40 });
        expect(back.shape).toEqual([1, 40]);
        expect(await at(back, 0, 0)).toBeCloseTo(1, 4);
        expect(await at(back, 0, 39)).toBeCloseTo(40, 3);
      });
    });
  }

  describe('stft and istft, refusals', () => {
    it('gives an empty spectrum for an empty batch, and takes it back', () => {
      const spectrum = stft(silence(64, 0), { fftSize: 16 });
      expect(spectrum.real.shape).toEqual([0, 13, 9]);
      expect(istft(spectrum, { fftSize: 16 }).shape).toEqual([0, 64]);
    });

    it('names the rank it wants', () => {
      expect(() => stft(tf.zeros([64_000]) as unknown as tf.Tensor2D, { fftSize: 16 })).toThrow(
        'spectral: stft: audio: expected rank 2 [batch, samples], found rank 1 [64000]. Add a batch axis: tf.expandDims(audio, 0)',
      );
      expect(() => stft(null as unknown as tf.Tensor2D, { fftSize: 16 })).toThrow(ShapeError);
      expect(() => stft(tf.zeros([1, 64], 'int32'), { fftSize: 16 })).toThrow(/expected float32, found int32/);
    });

    it('refuses audio shorter than a frame, sizes that are no power of two, and windows of another length', () => {
      expect(() => stft(silence(15), { fftSize: 16 })).toThrow(ShapeError);
      for (const fftSize of [0, 2, 12, -8, 16.5, Number.NaN]) expect(() => stft(silence(64), { fftSize })).toThrow(OptionError);
      for (const hop of [0, -1, 1.5, 17, Number.NaN]) expect(() => stft(silence(64), { fftSize: 16, hop })).toThrow(OptionError);
      expect(() => stft(silence(64), { fftSize: 16, window: [1, 2] })).toThrow(
        /expected a window of fftSize = 16 values, found 2/,
      );
      expect(() => stft(silence(64), { fftSize: 16, padLeft: -1 })).toThrow(OptionError);
    });

    it('refuses spectra that do not belong to the options', () => {
      const spectrum = stft(silence(64), { fftSize: 16 });
      expect(() => istft(spectrum, { fftSize: 32 })).toThrow(ShapeError);
      expect(() => istft(spectrum, { fftSize: 16, samples: 65 })).toThrow(/from 0 to 64/);
      expect(() => istft({ real: tf.zeros([1, 0, 9]), imaginary: tf.zeros([1, 0, 9]) }, { fftSize: 16 })).toThrow(ShapeError);
    });

    if (engines.includes('typed-array')) {
      it('names the first sample that is not a number', () => {
        const broken = new Float32Array(64);
        broken[5] = Number.NaN;
        broken[9] = Number.POSITIVE_INFINITY;
        expect(() => stft(tf.tensor2d(broken, [1, 64]), { fftSize: 16 })).toThrow(/found NaN at index 5/);
        expect(() => stft(tf.tensor2d(broken, [1, 64]), { fftSize: 16 })).toThrow(NonFiniteError);
      });
    }
  });
}
