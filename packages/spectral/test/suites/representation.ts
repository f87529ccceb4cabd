import * as tf from '@tensorflow/tfjs-core';
import { directionalDerivatives, expectClose, expectNoLeak, signalToNoise } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import {
  completeRepresentation,
  NonFiniteError,
  OptionError,
  presets,
  representation,
  representationFromJSON,
  representationKinds,
  ShapeError,
  type EngineName,
  type Representation,
  type RepresentationOptions,
} from '../../src/index.js';
import { naiveDecode, naiveEncode, type Case } from '../oracle.js';
import { apart, harmonicDecay, noise } from '../signals.js';

/** What is wrong with options, where they are refused. */
const refusal = (make: () => unknown): unknown[] => {
  try {
    make();
    return [];
  } catch (error) {
    return OptionError.isInstance(error) ? [error.message, error.option, error.found] : [error];
  }
};

const base = { frames: 10, bins: 16, samples: 100, sampleRate: 16_000, trim: 'dc', overlap: 0.75 } as const;
const cases: readonly Case[] = [
  { ...base, kind: 'phase' },
  { ...base, kind: 'if' },
  { ...base, kind: 'if-mel' },
  { ...base, kind: 'if', trim: 'nyquist' },
  { ...base, kind: 'if-mel', trim: 'nyquist', bins: 32, samples: 200, sampleRate: 44_100 },
  { ...base, kind: 'phase', overlap: 0.5, frames: 7, samples: 112 },
  { ...base, kind: 'if', overlap: 0.875, frames: 20, samples: 90 },
  { ...base, kind: 'if-mel', bins: 2, frames: 12, samples: 15 },
  { ...base, kind: 'if', frames: 1, samples: 32 },
];
const title = (c: Case): string =>
  `${c.kind}, ${c.frames} x ${c.bins}, ${c.samples} samples, overlap ${c.overlap}, without ${c.trim}`;

const encodeOne = async (rep: Representation, audio: Float32Array): Promise<Float32Array> => {
  const image = tf.tidy(() => rep.encode(tf.tensor2d(audio, [1, audio.length])));
  const values = await image.data<'float32'>();
  image.dispose();
  return values.slice();
};
const decodeOne = async (rep: Representation, image: ArrayLike<number>): Promise<Float32Array> => {
  const audio = tf.tidy(() => rep.decode(tf.tensor4d(Float32Array.from(image), [1, ...rep.shape])));
  const values = await audio.data<'float32'>();
  audio.dispose();
  return values.slice();
};

const levelSum = (image: Float32Array): number => image.reduce((sum, value, i) => (i % 2 === 0 ? sum + value : sum), 0);
const make = (options: object) => (): Representation => representation(options as { kind: 'if' });
const filled = (value: number): tf.Tensor4D => tf.tensor4d(new Float32Array(96).fill(value), [1, 6, 8, 2]);

export interface RepresentationSuiteOptions {
  /** float32 of a GPU, which may be a few bits worse. */
  readonly gpu?: boolean;
  /** Also images of full size. Default true. */
  readonly fullSize?: boolean;
}

/** Whole representations. `engines` that this backend can run. */
export function representationSuite(
  engines: readonly EngineName[],
  { gpu = false, fullSize = true }: RepresentationSuiteOptions = {},
): void {
  for (const engine of engines) {
    describe(`representation, ${engine} engine`, () => {
      for (const c of cases) {
        const rep = representation({ ...c, engine });
        const audio = noise(c.samples);

        it(`encodes as defined: ${title(c)}`, async () => {
          const image = await encodeOne(rep, audio);
          const expected = naiveEncode(audio, c);
          // Angles are compared on the circle below, so that they are wrapped at all is said here; frame 0 of mel is a sum of phases.
          const wrapped = image.filter((_, i) => i % 2 === 1 && i > 2 * c.bins);
          expect(Math.max(0, ...wrapped.map(Math.abs))).toBeLessThanOrEqual(1 + 1e-5);
          for (let i = 0; i < expected.length; i += 2) {
            const level = expected[i]!;
            // Where a bin holds next to nothing, float32 (or double) rounding is all there is.
            if (level < -8) continue;
            expect(Math.abs(image[i]! - level)).toBeLessThan(gpu ? 2e-2 : 2e-3);
            expect(apart(image[i + 1]!, expected[i + 1]!)).toBeLessThan(gpu ? 2e-2 : 2e-3);
          }
        });

        it(`decodes as defined: ${title(c)}`, async () => {
          const image = Float32Array.from(naiveEncode(audio, c));
          expectClose(await decodeOne(rep, image), naiveDecode(image, c), { absolute: gpu ? 1e-3 : 1e-4 });
        });
      }

      it('has the gradient that finite differences have, through encode', async () => {
        for (const kind of ['phase', 'if', 'if-mel'] as const) {
          const rep = representation({ kind, frames: 4, bins: 8, samples: 28, engine });
          const audio = tf.tensor2d(noise(28), [1, 28]);
          const weight = tf.tensor4d(noise(64, { seed: 8 }), [1, 4, 8, 2]);
          const loss = (x: tf.Tensor): tf.Scalar => tf.sum(tf.mul(rep.encode(x as tf.Tensor2D), weight));
          const pairs = await directionalDerivatives(loss, audio, { step: gpu ? 1e-3 : 3e-4 });
          for (const [numeric, analytic] of pairs) {
            expect(Math.abs(numeric - analytic), kind).toBeLessThan(0.03 * Math.abs(numeric) + 0.1);
          }
        }
      });

      it('has the gradient that finite differences have, through decode', async () => {
        for (const kind of ['phase', 'if', 'if-mel'] as const) {
          const rep = representation({ kind, frames: 4, bins: 8, samples: 28, engine });
          const image = tf.tensor4d(noise(64, { scale: 0.8 }), [1, 4, 8, 2]);
          const loss = (x: tf.Tensor): tf.Scalar => tf.sum(tf.square(rep.decode(x as tf.Tensor4D)));
          const pairs = await directionalDerivatives(loss, image, { step: 1e-2 });
          for (const [numeric, analytic] of pairs) {
            expect(Math.abs(numeric - analytic), kind).toBeLessThan(0.02 * Math.abs(numeric) + 0.01);
          }
        }
      });

      it('has finite gradients for silence, whose frames in front every note has', async () => {
        for (const kind of ['phase', 'if', 'if-mel'] as const) {
          const rep = representation({ kind, frames: 6, bins: 8, samples: 20, engine });
          const gradient = tf.grad((x) => tf.sum(rep.encode(x as tf.Tensor2D)))(tf.zeros([1, 20]));
          for (const value of await gradient.data()) expect(Math.abs(value)).toBe(0);
          const note = tf.grad((x) => tf.sum(tf.square(rep.encode(x as tf.Tensor2D))))(tf.tensor2d(noise(20), [1, 20]));
          for (const value of await note.data()) expect(Number.isFinite(value)).toBe(true);
        }
      });

      it('gives silence for silence: ln 1e-6 and no phase, and back exactly 0 for the linear kinds', async () => {
        for (const kind of ['phase', 'if', 'if-mel'] as const) {
          const rep = representation({ kind, frames: 6, bins: 8, samples: 20, engine });
          const image = await encodeOne(rep, new Float32Array(20));
          for (let i = 0; i < image.length; i += 2) {
            expect(image[i]).toBeCloseTo(-13.815510557964274, 4);
            expect(Math.abs(image[i + 1]!)).toBe(0);
          }
          for (const value of await decodeOne(rep, image)) expect(Math.abs(value)).toBeLessThan(kind === 'if-mel' ? 5e-3 : 2e-6);
        }
      });

      it('treats every item of a batch of waveforms alone, and passes gradients through', async () => {
        const rep = representation({ kind: 'waveform', samples: 6, engine });
        const audio = tf.tensor2d(noise(12), [2, 6]);
        const image = rep.encode(audio);
        expectClose(await tf.slice(image, [1, 0, 0, 1], [1, 8, 1, 1]).data(), [0, ...noise(12).slice(6), 0], {});
        expectClose(await rep.decode(image).data(), noise(12), {});
        const slope = tf.grad((x) => tf.sum(tf.square(rep.encode(x as tf.Tensor2D))))(audio);
        expectClose(
          await slope.data(),
          noise(12).map((x) => 4 * x),
          { absolute: 1e-6 },
        );
        const back = await tf
          .grad((x) => tf.sum(rep.decode(x as tf.Tensor4D)))(image)
          .data();
        expect(Array.from(back).slice(0, 6)).toEqual([0, 0, 1, 0, 1, 0]);
      });

      it('treats every item of a batch alone', async () => {
        const rep = representation({ kind: 'if-mel', frames: 6, bins: 8, samples: 24, engine });
        const items = [noise(24), new Float32Array(24), noise(24, { seed: 7 })];
        const image = rep.encode(
          tf.tensor2d(
            items.flatMap((item) => [...item]),
            [3, 24],
          ),
        );
        const all = await image.data();
        const audio = await rep.decode(image).data();
        for (const [i, item] of items.entries()) {
          const one = await encodeOne(rep, item);
          expectClose(all.slice(i * 96, (i + 1) * 96), one, { absolute: 1e-3 });
          expectClose(audio.slice(i * 24, (i + 1) * 24), await decodeOne(rep, one), { absolute: 1e-4 });
        }
      });

      it('leaves no tensor behind', async () => {
        for (const kind of ['waveform', 'phase', 'if', 'if-mel'] as const) {
          const rep = representation(
            kind === 'waveform' ? { kind, samples: 20, engine } : { kind, frames: 6, bins: 8, samples: 20, engine },
          );
          const audio = tf.zeros<tf.Rank.R2>([2, 20]);
          await expectNoLeak(() => tf.dispose(rep.decode(tf.tidy(() => rep.encode(audio)))), 1);
          await expectNoLeak(() => tf.dispose(tf.grad((x) => tf.sum(rep.encode(x as tf.Tensor2D)))(audio)));
        }
      });
    });

    describe.runIf(fullSize)(`the reference's printed numbers, ${engine} engine`, () => {
      // Magenta's code, run on eight decaying harmonics of 220 Hz in float32.
      const printed = {
        high: {
          magnitudes: 47957.333,
          levels: -1455131.692,
          melLevels: -1570985.58,
          ch0: [3.7369118, -6.045617],
          f: [0.0800003, 0.0750887],
          p: [0.0741488, -0.88838],
          mel: [-7.7836475, 0.0533391, -10.625505, 0.1047089],
          correlation: 0.9852,
          rms: 0.0273,
        },
        low: {
          magnitudes: 45645.9335,
          levels: -1404122.269,
          melLevels: -1489918.088,
          ch0: [3.2943997, 3.999988],
          f: [0.0800398, -0.9599906],
          p: [-0.0696657, 0.7151622],
          mel: [-7.7489786, -0.1686204, -5.635776, -0.5706347],
          correlation: 0.92062,
          rms: 0.0635,
        },
      } as const;
      const audio = harmonicDecay();

      for (const size of ['high', 'low'] as const) {
        const expected = printed[size];
        const { frames, bins } = presets[size];
        const spots = (image: Float32Array, channel: 0 | 1, ...at: [number, number][]): number[] =>
          at.map(([frame, bin]) => image[2 * (frame * bins + bin) + channel]!);

        it(`images of ${frames} x ${bins}`, async () => {
          const linear = await encodeOne(representation({ kind: 'if', ...presets[size], engine }), audio);
          expectClose(spots(linear, 0, [60, 27]), [expected.ch0[0]], { absolute: 1e-4 });
          // [60, 13] of the high resolution is 10 in ln below its neighbours: 1e-3.
          expectClose(spots(linear, 0, [60, 13]), [expected.ch0[1]], { absolute: 1e-3 });
          expectClose(spots(linear, 1, [60, 27]), [expected.f[0]], { absolute: 1e-4 });
          expectClose(spots(linear, 1, [60, 13]), [expected.f[1]], { absolute: 1e-3 });
          const phase = await encodeOne(representation({ kind: 'phase', ...presets[size], engine }), audio);
          expectClose(spots(phase, 1, [60, 27], [60, 13]), expected.p, { absolute: 1e-3 });
          const mel = await encodeOne(representation({ kind: 'if-mel', ...presets[size], engine }), audio);
          expectClose(spots(mel, 0, [60, 27]), [expected.mel[0]], { absolute: 2e-3 });
          expectClose(spots(mel, 1, [60, 27]), [expected.mel[1]], { absolute: 2e-3 });
          const magnitudes = linear.reduce((sum, level, i) => (i % 2 === 0 ? sum + Math.exp(level) - 1e-6 : sum), 0);
          expect(Math.abs(magnitudes / expected.magnitudes - 1)).toBeLessThan(1e-5);
          // Nearly all of the 131,072 levels are the logarithm of rounding noise, which is lower the better the arithmetic.
          expect(Math.abs(levelSum(linear) / expected.levels - 1)).toBeLessThan(1e-2);
          expect(Math.abs(levelSum(mel) / expected.melLevels - 1)).toBeLessThan(1e-2);
          expect(spots(mel, 0, [0, 5], [size === 'high' ? 2 : 5, 100]).map((x) => Math.abs(x + 13.815511) < 1e-4)).toEqual([
            true,
            true,
          ]);
        });

        it(`round trips of ${frames} x ${bins}: linear above 60 dB, mel as lossy as the original`, async () => {
          const tail = 64_000 - 2 * bins;
          for (const kind of ['phase', 'if'] as const) {
            const rep = representation({ kind, ...presets[size], engine });
            const back = await decodeOne(rep, await encodeOne(rep, audio));
            expect(back.length).toBe(64_000);
            expect(signalToNoise(back, audio, 2 * bins, tail), kind).toBeGreaterThan(60);
          }
          const rep = representation({ kind: 'if-mel', ...presets[size], engine });
          const back = await decodeOne(rep, await encodeOne(rep, audio));
          let [ab, aa, bb, error] = [0, 0, 0, 0];
          for (let n = 0; n < tail; n++) {
            const [a, b] = [audio[n]!, back[n]!];
            [ab, aa, bb, error] = [ab + a * b, aa + a * a, bb + b * b, error + (a - b) ** 2];
          }
          expect(ab / Math.sqrt(aa * bb)).toBeCloseTo(expected.correlation, 2);
          expect(Math.sqrt(error / tail)).toBeCloseTo(expected.rms, 2);
        });
      }
    });
  }

  describe('representation, behaviour', () => {
    it.each(engines)(
      'pads 64,000 samples to 65,536 for waveforms, both channels alike, and takes them off again: %s',
      async (engine) => {
        const rep = representation({ kind: 'waveform', engine });
        const audio = noise(64_000);
        const image = await encodeOne(rep, audio);
        expect(rep.shape).toEqual([65_536, 1, 2]);
        expect([image[2 * 767], image[2 * 768], image[2 * 768 + 1], image[2 * (768 + 64_000)]]).toEqual([
          0,
          audio[0],
          audio[0],
          0,
        ]);
        expectClose(await decodeOne(rep, image), audio, {});
        expect(representation({ kind: 'waveform', samples: 5 }).shape).toEqual([8, 1, 2]);
        expect(() => representation({ kind: 'waveform', samples: 9, frames: 8 })).toThrow(
          /frames of at least samples = 9, found 8/,
        );
        expect(() => representation({ kind: 'waveform', bins: 2 })).toThrow(OptionError);
      },
    );

    it('is rebuilt from its JSON', async () => {
      const options = {
        kind: 'if-mel',
        frames: 12,
        bins: 16,
        samples: 90,
        sampleRate: 8000,
        trim: 'nyquist',
        overlap: 0.75,
      } as const;
      const rep = representation(options);
      const again = representationFromJSON(JSON.parse(JSON.stringify(rep)));
      expect(again.toJSON()).toEqual(options);
      expect(await encodeOne(again, noise(90))).toEqual(await encodeOne(rep, noise(90)));
      expect(representation({ kind: 'if' }).shape).toEqual([128, 1024, 2]);
    });

    it('is complete, or refused in the same words, by arithmetic alone', () => {
      for (const kind of representationKinds) {
        expect(completeRepresentation({ kind })).toEqual(representation({ kind }).toJSON());
        for (const wrong of [{ samples: 0 }, { bins: 0 }, { bins: 20_000 }, { frames: 0.5 }, { sampleRate: -1 }]) {
          const options = { kind, ...wrong };
          const found = refusal(() => completeRepresentation(options));
          expect(found, JSON.stringify(options)).toEqual(refusal(() => representation(options)));
          expect(found, JSON.stringify(options)).toHaveLength(3);
        }
        const misspelt = { kind, frame: 3 } as RepresentationOptions;
        expect(refusal(() => completeRepresentation(misspelt))[0]).toMatch(/found "frame"\. Did you mean frames/);
      }
      expect(refusal(() => completeRepresentation({ kind: 'mel' } as unknown as RepresentationOptions))[1]).toBe('kind');
      expect(refusal(() => completeRepresentation({ kind: 'if-mel-harmonic', fullFrames: 64 })).slice(1)).toEqual([
        'fullFrames',
        64,
      ]);
    });

    it('gives empty results for an empty batch', () => {
      for (const kind of ['waveform', 'phase', 'if', 'if-mel'] as const) {
        const rep = representation({ kind });
        const image = rep.encode(tf.zeros([0, 64_000]));
        expect(image.shape).toEqual([0, ...rep.shape]);
        expect(rep.decode(image).shape).toEqual([0, 64_000]);
      }
    });

    it('does the arithmetic where an image cannot hold the audio', () => {
      expect(() => representation({ kind: 'if', frames: 100, samples: 80_000 })).toThrow(
        '100 frames of 1024 bins, which cover hop (frames - 1) + 2 bins = 512 x 99 + 2048 = 52736. Take at least 154 frames with 1024 bins ' +
          '(or 256, the next power of two), 2048 bins with 100 frames, or at most 52736 samples.',
      );
      expect(() => representation({ kind: 'if', bins: 1000 })).toThrow(/power of two, found 1000. Near it: 512 and 1024/);
    });

    it('refuses unknown kinds, impossible numbers and foreign JSON', () => {
      for (const wrong of [
        {},
        { kind: 'mel' },
        { kind: 'if', trim: 'both' },
        { kind: 'if', sampleRate: 0 },
        { kind: 'if', samples: -1 },
        { kind: 'if', samples: Number.NaN },
        { kind: 'waveform', samples: Number.NaN },
        { kind: 'waveform', samples: 0 },
        { kind: 'if', frames: 0 },
        { kind: 'if', bins: 1 },
        { kind: 'if', bins: Number.NaN },
        { kind: 'if', overlap: 1 },
        { kind: 'if', overlap: 0.6 },
        { kind: 'if', overlap: Number.NaN },
        { kind: 'if', engine: 'gpu' },
      ]) {
        expect(make(wrong), JSON.stringify(wrong)).toThrow(OptionError);
      }
    });

    it('refuses audio and images of another shape, and says what to do', () => {
      const rep = representation({ kind: 'if' });
      expect(() => rep.encode(tf.zeros([64_000]) as unknown as tf.Tensor2D)).toThrow(
        'spectral: representation: encode: audio: expected rank 2 [batch, 64000], found rank 1 [64000]. One row a note: tf.expandDims(audio, 0)',
      );
      expect(() => rep.encode(tf.zeros([1, 63_999]))).toThrow(ShapeError);
      expect(() => rep.decode(tf.zeros([1, 1024, 128, 2]))).toThrow('expected [batch, 128, 1024, 2], found [1, 1024, 128, 2]');
      expect(() => rep.decode(tf.zeros([128, 1024, 2]) as unknown as tf.Tensor4D)).toThrow(
        /One image is tf.expandDims\(image, 0\)/,
      );
    });

    if (engines.includes('typed-array')) {
      it('refuses NaN, infinity, and levels that no float can hold', () => {
        const rep = representation({ kind: 'if-mel', frames: 6, bins: 8, samples: 20 });
        const broken = new Float32Array(20);
        broken[3] = Number.NEGATIVE_INFINITY;
        expect(() => rep.encode(tf.tensor2d(broken, [1, 20]))).toThrow(/expected finite numbers, found -Infinity at index 3/);
        expect(() => rep.decode(filled(Number.NaN))).toThrow(NonFiniteError);
        const wave = representation({ kind: 'waveform', samples: 20 });
        expect(() => wave.encode(tf.tensor2d(broken, [1, 20]))).toThrow(NonFiniteError);
        for (const kind of ['phase', 'if', 'if-mel'] as const) {
          const loud = representation({ kind, frames: 6, bins: 8, samples: 20 });
          expect(() => loud.decode(filled(300)), kind).toThrow(NonFiniteError);
        }
      });
    }
  });
}
