import * as tf from '@tensorflow/tfjs-core';
import { directionalDerivatives, expectClose, expectNoLeak } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import { midiToFrequency, NonFiniteError, representation, ShapeError, type EngineName } from '../../src/index.js';
import { floor, image, level, one, sampleRate, small, tone } from '../additive-notes.js';
import { noise } from '../signals.js';

const make = (options: object) => () => representation({ ...small, ...options });

/** How far between the middles of frames 7 and 8 of {@link small} a sample lies: 256 + 3.5 and 4.5 times 218. */
const between = (n: number): number => Math.max(0, Math.min(1, (n - 1019) / 218));

/**
 * Central differences of the loss that the test of encode's gradient uses, along its four directions, as cpu measures them with steps of 3e-5 and
 * 1e-4. A GPU's rounding drowns differences as small as these.
 */
const measuredSlopes = [-11.285, 27.895, 3.433, 20.727] as const;

export interface AdditiveSuiteOptions {
  /** float32 of a GPU, which may be a few bits worse. */
  readonly gpu?: boolean;
}

/** Harmonics and noise: against the definition, on one backend. */
export function additiveSuite(engines: readonly EngineName[], { gpu = false }: AdditiveSuiteOptions = {}): void {
  for (const engine of engines) {
    describe(`harmonic numbers, ${engine} engine`, () => {
      const codec = representation({ ...small, engine });

      it('tells level and deviation of every partial of a steady tone, and silence where there is none', async () => {
        const levels = [0.1, 0.02, 0, 0.05];
        for (const [pitch, off] of [
          [81, 0],
          [84.5, 1.2],
          [79, -0.7],
        ] as const) {
          const values = await codec.encode(one(tone(pitch, { levels, off })), [pitch]).data();
          // Frames whose windows lie within the note: 512 samples on both sides.
          for (const frame of [6, 7, 8]) {
            for (const [h, rms] of levels.entries()) {
              const at = 2 * (frame * small.bins + h);
              if (rms === 0) {
                expect(values[at]).toBeLessThan(level(0.0005));
                continue;
              }
              // Up to a bin beside the middle of the window's main lobe, which is made up for.
              expect(Math.abs(values[at]! - level(rms)), `pitch ${pitch}, partial ${h + 1}`).toBeLessThan(0.05);
              expect(values[at + 1]).toBeCloseTo(off, 1);
            }
            for (let bin = levels.length; bin < 7; bin++)
              expect(values[2 * (frame * small.bins + bin)]).toBeLessThan(level(0.001));
            for (let bin = 7; bin < 10; bin++) expect(values[2 * (frame * small.bins + bin) + 1]).toBe(0);
          }
        }
      });

      it('makes the sines an image asks for, from silence at the first sample', async () => {
        const pitch = 81;
        const cells: [number, number][] = [
          [level(0.1), 0],
          [level(0.05), 1],
          [level(0.02), -2],
        ];
        const audio = await codec.decode(image(cells), [pitch]).data();
        expect(audio[0]).toBe(0);
        const expected = Float32Array.from({ length: small.samples }, (_, n) => {
          // The first frame's middle is sample 32: until then it swells in a straight line.
          const fade = Math.min(1, n / 32);
          return cells.reduce((sum, [value, off], i) => {
            const turns = ((i + 1) * midiToFrequency(pitch) * (1 + off / 100) * n) / sampleRate - ((i + 1) * i) / 128;
            return sum + fade * Math.SQRT2 * (Math.exp(value / 2) - 1e-4) * Math.sin(2 * Math.PI * turns);
          }, 0);
        });
        expectClose(audio, expected, { absolute: gpu ? 2e-3 : 1e-4 });
      });

      it('draws levels and deviations as straight lines between the middles of frames', async () => {
        const pitch = 86;
        const f0 = midiToFrequency(pitch);
        const steady = image([[level(0.1), 0]]);
        // From frame 8 on louder and sharper.
        const later = image([[level(0.2), 2]]);
        const both = tf.concat([tf.slice(steady, [0, 0, 0, 0], [1, 8, 10, 2]), tf.slice(later, [0, 8, 0, 0], [1, 4, 10, 2])], 1);
        const audio = await codec.decode(both as tf.Tensor4D, [pitch]).data();
        let turns = 0;
        let furthest = 0;
        for (let n = 0; n < small.samples; n++) {
          const w = between(n);
          const loud = Math.exp(((1 - w) * level(0.1) + w * level(0.2)) / 2) - 1e-4;
          const expected = Math.min(1, n / 32) * Math.SQRT2 * loud * Math.sin(2 * Math.PI * turns);
          furthest = Math.max(furthest, Math.abs(audio[n]! - expected));
          turns += (f0 * (1 + (2 * between(n + 0.5)) / 100)) / sampleRate;
        }
        // Blocks of 32 samples cut the corners of the lines: a hundredth of a radian, 0.006 of 0.28.
        expect(furthest).toBeLessThan(0.007);
      });

      it('hears noise in its band, at its level, and makes noise of that level', async () => {
        const long = representation({ kind: 'harmonic', frames: 16, bins: 12, noiseBands: 4, samples: 16_000, engine });
        const white = noise(16_000, { scale: 0.1, seed: 5 });
        const heard = await long.encode(one(white), [69]).data();
        // Variance of uniform noise: scale^2 / 3, shared out by width. Mel edges: 0, 707, 2129, 4516 ... 8000 Hz.
        const edges = [0, 1, 2, 3, 4].map((i) => 700 * (Math.exp((i / 4) * Math.log(1 + 8000 / 700)) - 1));
        for (let b = 0; b < 4; b++) {
          const power = ((0.01 / 3) * (edges[b + 1]! - edges[b]!)) / 8000;
          let sum = 0;
          for (let frame = 4; frame < 16; frame++) sum += heard[2 * (frame * 12 + 8 + b)]! / 12;
          // A band's mean over some dozens of frequencies and 12 frames: within 1 dB.
          expect(Math.abs(sum - level(Math.sqrt(power))), `band ${b}`).toBeLessThan(0.25);
        }
        const cells: [number, number][] = Array.from({ length: 12 }, (_, bin) => [bin === 10 ? level(0.1) : floor, 0]);
        const made = await long.decode(image(cells, { frames: 16, bins: 12 }), [69]).data();
        const rms = Math.sqrt(Array.from(made.slice(4000, 12_000)).reduce((sum, x) => sum + x * x, 0) / 8000);
        expect(Math.abs(20 * Math.log10(rms / 0.1))).toBeLessThan(0.5);
        // And a chord's notes have noises of their own.
        const other = await long.decode(image(cells, { frames: 16, bins: 12 }), [70]).data();
        expect(Math.max(...other.map((x, n) => Math.abs(x - made[n]!)))).toBeGreaterThan(0.05);
      });

      it('treats every note of a batch alone, at its own pitch', async () => {
        const notes = [tone(81, { levels: [0.1, 0.05] }), new Float32Array(2000), noise(2000, { scale: 0.3 })];
        const pitches = [81, 60, 72.3];
        const images = codec.encode(
          tf.tensor2d(
            notes.flatMap((note) => [...note]),
            [3, 2000],
          ),
          pitches,
        );
        const audio = await codec.decode(images, pitches).data();
        for (const [i, note] of notes.entries()) {
          const alone = codec.encode(one(note), [pitches[i]!]);
          expectClose(await tf.slice(images, [i, 0, 0, 0], [1, 12, 10, 2]).data(), await alone.data(), { absolute: 1e-3 });
          const sound = await codec.decode(alone, [pitches[i]!]).data();
          expectClose(audio.slice(i * 2000, (i + 1) * 2000), sound, { absolute: 1e-3 });
        }
      });

      it('gives silence for silence, exactly, and -80 dB of nothing', async () => {
        const silent = codec.encode(tf.zeros([1, 2000]), [60]);
        for (const [i, value] of (await silent.data()).entries()) expect(value).toBeCloseTo(i % 2 === 0 ? floor : 0, 4);
        expect(Math.max(...(await codec.decode(silent, [60]).data()).map(Math.abs))).toBeLessThan(1e-8);
      });

      it('stays within full scale, however loud an image is', async () => {
        const audio = await codec.decode(image(Array.from({ length: 10 }, () => [level(2), 0])), [60]).data();
        expect(Math.max(...audio.map(Math.abs))).toBeCloseTo(1, 5);
      });

      it('has the gradient that finite differences have, through decode', async () => {
        const tiny = representation({ ...small, frames: 4, bins: 5, noiseBands: 2, onsetFrames: 1, samples: 256, engine });
        const levels = noise(40, { seed: 4, scale: 1 }).map((x, i) => (i % 2 === 0 ? -4 + x : 2 * x));
        const weight = tf.tensor2d(noise(256, { seed: 9 }), [1, 256]);
        const loss = (x: tf.Tensor): tf.Scalar => tf.sum(tf.mul(tiny.decode(x as tf.Tensor4D, [84]), weight));
        for (const [numeric, analytic] of await directionalDerivatives(loss, tf.tensor4d(levels, [1, 4, 5, 2]), { step: 1e-2 })) {
          expect(Math.abs(numeric - analytic)).toBeLessThan(0.02 * Math.abs(numeric) + 0.01);
        }
      });

      it('has the gradient that finite differences have, through encode', async () => {
        const tiny = representation({ ...small, frames: 4, bins: 5, noiseBands: 2, onsetFrames: 1, samples: 512, engine });
        const note = tone(84, { levels: [0.2, 0.1, 0.05], off: 0.5, samples: 512 }).map((x, n) => x + noise(512)[n]! / 20);
        const weight = tf.tensor4d(noise(40, { seed: 3 }), [1, 4, 5, 2]);
        const loss = (x: tf.Tensor): tf.Scalar => tf.sum(tf.mul(tiny.encode(x as tf.Tensor2D, [84]), weight));
        const pairs = await directionalDerivatives(loss, one(note), { step: 1e-4 });
        for (const [i, [numeric, analytic]] of pairs.entries()) {
          const slope = measuredSlopes[i] as number;
          expect(Math.abs(analytic - slope)).toBeLessThan(0.03 * Math.abs(slope) + 0.3);
          if (!gpu) expect(Math.abs(numeric - slope)).toBeLessThan(0.03 * Math.abs(slope) + 0.3);
        }
      });

      it('has finite gradients for silence', async () => {
        const through = tf.grad((x) => tf.sum(codec.decode(codec.encode(x as tf.Tensor2D, [60]), [60])));
        for (const value of await through(tf.zeros([1, 2000])).data()) expect(Number.isFinite(value)).toBe(true);
      });

      it('leaves no tensor behind', async () => {
        const audio = one(tone(72, { levels: [0.1] }));
        await expectNoLeak(
          () =>
            tf.dispose(
              codec.decode(
                tf.tidy(() => codec.encode(audio, [72])),
                [72],
              ),
            ),
          1,
        );
        await expectNoLeak(() => tf.dispose(tf.grad((x) => tf.sum(codec.encode(x as tf.Tensor2D, [72])))(audio)));
      });
    });
  }

  describe('harmonic numbers, behaviour', () => {
    it('is rebuilt from its JSON, defaults and all', () => {
      const codec = representation({ kind: 'harmonic' });
      expect(codec.shape).toEqual([64, 64, 2]);
      expect(codec.toJSON()).toEqual({
        kind: 'harmonic',
        frames: 64,
        bins: 64,
        noiseBands: 8,
        halfHarmonics: 0,
        modulation: false,
        onsetFrames: 16,
        onsetHop: 128,
        samples: 64_000,
        sampleRate: 16_000,
      });
      expect(representation(codec.toJSON()).toJSON()).toEqual(codec.toJSON());
      expect(codec.planes()).toBeNull();
    });

    it('gives empty results for an empty batch', () => {
      const codec = representation(small);
      expect(codec.encode(tf.zeros([0, 2000]), []).shape).toEqual([0, 12, 10, 2]);
      expect(codec.decode(tf.zeros([0, 12, 10, 2]), []).shape).toEqual([0, 2000]);
    });

    it('refuses numbers that do not work together, and says what would', () => {
      expect(make({ noiseBands: 10 })).toThrow('noiseBands below bins = 10');
      expect(make({ halfHarmonics: 7 })).toThrow(
        'halfHarmonics below bins - noiseBands = 7, so that a bin is left for the fundamental, found 7',
      );
      expect(make({ onsetFrames: 12 })).toThrow('onsetFrames below frames = 12, found 12');
      expect(make({ onsetHop: 600 })).toThrow('expected 2000 samples to hold 4 onset frames of 600 samples and 8 more');
      for (const wrong of [
        { frames: 1 },
        { bins: 0 },
        { noiseBands: -1 },
        { halfHarmonics: -1 },
        { samples: Number.NaN },
        { sampleRate: 0 },
        { engine: 'gpu' },
      ]) {
        expect(make(wrong), JSON.stringify(wrong)).toThrow(/expected/);
      }
    });

    it('needs a pitch for each note, audio and images of its shape, and numbers', () => {
      const codec = representation(small);
      const any = representation({ kind: 'harmonic' } as Parameters<typeof representation>[0]);
      expect(() => any.encode(tf.zeros([1, 64_000]))).toThrow('a MIDI pitch in [0, 127] for each of 1 notes, found none');
      expect(() => codec.encode(tf.zeros([2, 2000]), [60])).toThrow('for each of 2 notes, found 1 of them');
      expect(() => codec.decode(tf.zeros([1, 12, 10, 2]), [128])).toThrow('found 128');
      expect(() => codec.encode(tf.zeros([1, 1999]), [60])).toThrow(ShapeError);
      expect(() => codec.decode(tf.zeros([1, 10, 12, 2]), [60])).toThrow(ShapeError);
      if (!engines.includes('typed-array')) return;
      expect(() => codec.encode(tf.mul(tf.ones([1, 2000]), Number.NaN), [60])).toThrow(NonFiniteError);
      expect(() => codec.decode(tf.mul(tf.ones([1, 12, 10, 2]), 300), [60])).toThrow(
        /levels whose audio fits 32-bit floats, found 300/,
      );
    });
  });
}
