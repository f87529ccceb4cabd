import { describeOnBackends, directionalDerivatives, expectNoLeak, readNote, recordedNotes } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { OptionError, ShapeError } from '../errors.js';
import { midiToFrequency } from '../index.js';
import { harmonicRepresentation, type HarmonicRepresentation } from './harmonic-representation.js';

const sampleRate = 16_000;

/** A decaying tone of eight harmonics. */
const tone = (frequency: number, samples: number): Float32Array =>
  Float32Array.from({ length: samples }, (_, n) => {
    let sum = 0;
    for (let h = 1; h <= 8; h++) sum += (0.3 / h) * Math.sin((2 * Math.PI * h * frequency * n) / sampleRate + h);
    return sum * Math.exp((-1.5 * n) / sampleRate);
  });

/** Frequency near `about` at which the samples correlate most with a complex exponential: fine search, independent of any FFT. */
function strongestNear(audio: Float32Array, about: number): number {
  let best = 0;
  let strongest = 0;
  for (let frequency = about * 0.97; frequency < about * 1.03; frequency += about * 2e-4) {
    let re = 0;
    let im = 0;
    for (let n = 4000; n < 24_000; n++) {
      const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * (n - 4000)) / 20_000);
      re += window * audio[n]! * Math.cos((2 * Math.PI * frequency * n) / sampleRate);
      im += window * audio[n]! * Math.sin((2 * Math.PI * frequency * n) / sampleRate);
    }
    const power = re * re + im * im;
    if (power > strongest) [strongest, best] = [power, frequency];
  }
  return best;
}

/** Share of the energy within 12 Hz of a harmonic, by a direct transform of one long Hann window. */
function harmonicShare(audio: Float32Array, fundamental: number): number {
  const size = 4096;
  let on = 0;
  let all = 0;
  for (let k = 5; k < 1000; k++) {
    let re = 0;
    let im = 0;
    for (let n = 0; n < size; n += 1) {
      const x = audio[8000 + n]! * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
      re += x * Math.cos((2 * Math.PI * ((k * n) % size)) / size);
      im += x * Math.sin((2 * Math.PI * ((k * n) % size)) / size);
    }
    const frequency = (k * sampleRate) / size;
    const power = re * re + im * im;
    all += power;
    if (Math.abs(frequency - Math.max(1, Math.round(frequency / fundamental)) * fundamental) < 12) on += power;
  }
  return on / all;
}

/** Levels of the first harmonics in dB, by direct sums over half a second under a Hann window. */
const partialLevels = (audio: Float32Array, fundamental: number): number[] =>
  Array.from({ length: 8 }, (_, h) => {
    let re = 0;
    let im = 0;
    for (let n = 0; n < 8000; n++) {
      const window = 1 - Math.cos((2 * Math.PI * n) / 8000);
      const angle = (2 * Math.PI * (h + 1) * fundamental * n) / sampleRate;
      re += window * audio[8000 + n]! * Math.cos(angle);
      im += window * audio[8000 + n]! * Math.sin(angle);
    }
    return 20 * Math.log10(Math.hypot(re, im) / 8000);
  });

const small = { frames: 16, bins: 64, fullFrames: 64, fullBins: 512, samples: 16_000 } as const;

/** Mean deviation that an image of middle C reports where it is loudest. */
const deviationOf = (codec: HarmonicRepresentation, frequency: number): number =>
  tf.tidy(() => {
    const image = codec.encode(tf.tensor2d(tone(frequency, 64_000), [1, 64_000]), [60]);
    const [level, deviation] = [tf.slice(image, [0, 4, 0, 0], [1, 12, 128, 1]), tf.slice(image, [0, 4, 0, 1], [1, 12, 128, 1])];
    const loudest = tf.argMax(tf.reshape(tf.mean(level, 1), [128])).dataSync()[0]! | 0;
    return tf.mean(tf.slice(deviation, [0, 0, loudest, 0], [1, 12, 1, 1])).dataSync()[0]!;
  });

describeOnBackends('harmonic representation', () => {
  const codec = harmonicRepresentation();

  it('says 0 of a note in tune, and how far off a note out of tune is', () => {
    const inTune = midiToFrequency(60);
    expect(Math.abs(deviationOf(codec, inTune))).toBeLessThan(0.01);
    // 2 hop / sampleRate half turns per Hz; the fundamental dominates its box.
    const sharp = inTune * 2 ** (20 / 1200);
    expect(deviationOf(codec, sharp)).toBeCloseTo((2 * (sharp - inTune) * 512) / sampleRate, 1);
    expect(deviationOf(codec, sharp)).toBeGreaterThan(0.1);
  });

  it('keeps pitch, detuning and harmonicity of a note through an image of 32 x 128', () => {
    const frequency = midiToFrequency(55) * 2 ** (12 / 1200);
    const audio = tf.tidy(() =>
      codec.decode(codec.encode(tf.tensor2d(tone(frequency, 64_000), [1, 64_000]), [55]), [55]).dataSync<'float32'>(),
    );
    expect(audio).toHaveLength(64_000);
    expect(Math.abs(1200 * Math.log2(strongestNear(audio, frequency) / frequency))).toBeLessThan(4);
    expect(harmonicShare(audio, frequency)).toBeGreaterThan(0.97);
  });

  it('keeps the level of every partial, strong or weak beside a strong one, loud or soft', () => {
    const fundamental = midiToFrequency(55);
    const short = harmonicRepresentation({ frames: 16, fullFrames: 64, samples: 32_000 });
    const wanted = [0, -25, -6, -25, -12, -30, -18, -6];
    for (const loudness of [0.2, 0.01]) {
      const audio = Float32Array.from({ length: 32_000 }, (_, n) =>
        wanted.reduce(
          (sum, dB, h) => sum + loudness * 10 ** (dB / 20) * Math.sin((2 * Math.PI * (h + 1) * fundamental * n) / sampleRate + h),
          0,
        ),
      );
      const back = tf.tidy(() => short.decode(short.encode(tf.tensor2d(audio, [1, 32_000]), [55]), [55]).dataSync<'float32'>());
      const levels = partialLevels(back, fundamental);
      for (const [h, level] of partialLevels(audio, fundamental).entries()) {
        // A box holds a whole peak and the skirts of its neighbours: a couple of dB.
        expect(Math.abs(levels[h]! - level), `harmonic ${h + 1} at ${loudness}`).toBeLessThan(2.5);
      }
    }
  });

  it('starts every note from silence, however suddenly it is loud, and stays within full scale', () => {
    const codec = harmonicRepresentation(small);
    const bright = Float32Array.from({ length: 16_000 }, (_, n) =>
      Array.from({ length: 12 }, (_, h) => Math.cos((2 * Math.PI * (h + 1) * midiToFrequency(60) * n) / sampleRate)).reduce(
        (sum, partial) => sum + partial / 12,
      ),
    );
    const [image, back] = tf.tidy(() => {
      const image = codec.encode(tf.tensor2d(bright, [1, 16_000]), [60]);
      // As a network may overdo it: twice as loud.
      const louder = tf.add(image, tf.tensor1d([Math.log(4), 0])) as tf.Tensor4D;
      const notes = codec.decode(tf.concat([image, louder]), [60, 60]);
      return [image.dataSync<'float32'>(), notes.arraySync()];
    });
    expect(Math.max(...image.filter((_, i) => i % 2 === 0))).toBeGreaterThan(0);
    for (const note of back) {
      const peak = Math.max(...note.map(Math.abs));
      expect(peak).toBeLessThanOrEqual(1 + 1e-6);
      expect(peak).toBeGreaterThan(0.3);
      expect(Math.abs(note[0]!)).toBeLessThan(0.001 * peak);
      // Nor is there a step a sample later: half a millisecond on it has not reached a tenth.
      expect(Math.max(...note.slice(0, 8).map(Math.abs))).toBeLessThan(0.1 * peak);
      // And it is loud as soon as it was.
      expect(Math.max(...note.slice(0, 160).map(Math.abs))).toBeGreaterThan(0.3 * peak);
    }
    expect(Math.max(...back[1]!.map(Math.abs))).toBeCloseTo(1, 5);
  });

  it('leaves no tensor behind and takes an empty batch', async () => {
    const codec = harmonicRepresentation(small);
    const audio = tf.zeros<tf.Rank.R2>([2, 16_000]);
    const none = tf.zeros<tf.Rank.R2>([0, 16_000]);
    await expectNoLeak(() => {
      const image = codec.encode(audio, [60, 61]);
      const back = codec.decode(image, [60, 61]);
      const empty = codec.encode(none, []);
      const silent = codec.decode(empty, []);
      expect([image.shape, back.shape, empty.shape, silent.shape]).toEqual([
        [2, 16, 64, 2],
        [2, 16_000],
        [0, 16, 64, 2],
        [0, 16_000],
      ]);
      tf.dispose([image, back, empty, silent]);
    });
    tf.dispose([audio, none]);
  });
});

describe('harmonic representation', () => {
  it('carries gradients through decoding', async () => {
    await tf.setBackend('cpu');
    const codec = harmonicRepresentation({ frames: 4, bins: 8, fullFrames: 16, fullBins: 32, samples: 256 });
    const image = tf.randomUniform([2, 4, 8, 2], -0.3, 0.3, 'float32', 3);
    const weights = tf.randomNormal([2, 256], 0, 1, 'float32', 4);
    const loss = (x: tf.Tensor): tf.Scalar => tf.sum(tf.mul(codec.decode(x as tf.Tensor4D, [80, 85]), weights));
    for (const [numeric, analytic] of await directionalDerivatives(loss, image, { step: 1e-3 })) {
      // Central differences in float32 of a sum of 512 terms: a percent.
      expect(Math.abs(numeric - analytic)).toBeLessThan(0.02 * Math.abs(numeric) + 0.02);
    }
  });

  it('is rebuilt from its JSON', () => {
    const codec = harmonicRepresentation(small);
    expect(harmonicRepresentation(JSON.parse(JSON.stringify(codec)) as object).toJSON()).toEqual(codec.toJSON());
    expect(codec.toJSON()).toEqual({ kind: 'if-mel-harmonic', ...small, sampleRate: 16_000, floor: -8 });
  });

  it('gives planes in [-1, 1] with the comb high on harmonics', () => {
    const codec = harmonicRepresentation();
    const planes = codec.planes([60, 61]);
    expect(planes).toHaveLength(2 * 128 * 3);
    expect(Math.max(...planes.map(Math.abs))).toBeLessThanOrEqual(1.2);
    const fundamental = Math.round((midiToFrequency(60) / 8000) * 1024);
    expect(fundamental).toBeGreaterThan(0);
    expect(new Set(planes.filter((_, i) => i % 3 === 0)).size).toBeGreaterThan(20);
  });

  it('tells the first harmonics from each other, at any pitch', () => {
    const codec = harmonicRepresentation({ bins: 1024 });
    for (const pitch of [48, 60.5]) {
      const planes = codec.planes([pitch], 4);
      const near = (harmonic: number): number[] => Array.from({ length: 1024 }, (_, m) => planes[7 * m + 2 + harmonic]!);
      for (const harmonic of [1, 2, 3, 4]) {
        const values = near(harmonic);
        const peak = values.indexOf(Math.max(...values));
        expect(values[peak]).toBeGreaterThan(0.8);
        // There the comb peaks too, and its neighbours are 0.
        expect(planes[7 * peak]).toBeGreaterThan(0.8);
        for (const other of [1, 2, 3, 4].filter((one) => one !== harmonic)) expect(near(other)[peak]).toBeLessThan(0.2);
      }
      const sums = Array.from({ length: 1024 }, (_, m) => [1, 2, 3, 4].reduce((sum, h) => sum + near(h)[m]!, 0));
      const from = near(1).indexOf(Math.max(...near(1)));
      const to = near(4).indexOf(Math.max(...near(4)));
      for (const sum of sums.slice(from + 1, to)) expect(sum).toBeCloseTo(1, 5);
    }
    expect(() => codec.planes([60], 1.5)).toThrow('a whole number of numbered harmonics, found 1.5');
  });

  it('refuses sizes that do not divide, pitches that are none, and images of another shape', () => {
    expect(() => harmonicRepresentation({ frames: 30 })).toThrow(
      'frames to divide fullFrames 128, found 30. Take one of 1, 2, 4',
    );
    expect(() => harmonicRepresentation({ floor: 1 })).toThrow(OptionError);
    const codec = harmonicRepresentation(small);
    tf.tidy(() => {
      expect(() => codec.encode(tf.zeros([2, 16_000]), [60])).toThrow('for each of 2 notes, found 1 of them');
      expect(() => codec.decode(tf.zeros([1, 16, 64, 2]), [Number.NaN])).toThrow('found NaN');
      expect(() => codec.decode(tf.zeros([1, 16, 32, 2]), [60])).toThrow(ShapeError);
    });
  });
});

describe('harmonic representation of recorded notes', () => {
  const sustained = recordedNotes().filter(({ family }) =>
    ['bass', 'brass', 'organ', 'reed', 'string', 'vocal'].includes(family),
  );

  it.each(sustained)('keeps most energy of $id on its harmonics', async ({ id, pitch }) => {
    await tf.setBackend('wasm');
    const codec = harmonicRepresentation();
    const back = tf.tidy(() =>
      codec.decode(codec.encode(tf.tensor2d(readNote(id), [1, 64_000]), [pitch]), [pitch]).dataSync<'float32'>(),
    );
    expect(harmonicShare(back, midiToFrequency(pitch))).toBeGreaterThan(0.95);
  });
});
