import * as tf from '@tensorflow/tfjs-core';
import {
  describeWithGenuineNSynth,
  difference,
  expectClose,
  readGolden,
  readGoldenNpy,
  readNote,
  readNpy,
  readReferenceWav,
  readShared,
  sharedPath,
  type Npy,
} from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import { gansynthMel, operatorTaps, presets, representation, type EngineName, type Representation } from '../../src/index.js';
import { apart } from '../signals.js';

/** Where notes and the original's images of them come from. */
interface Source {
  readonly json: <T>(file: string) => T | Promise<T>;
  readonly npy: (file: string) => Npy | Promise<Npy>;
  readonly note: (file: string) => Float32Array | Promise<Float32Array>;
}
/** Notes of the repository. */
const repository: Source = {
  json: (file) => readGolden(`spectral/${file}`),
  npy: (file) => readGoldenNpy(`spectral/${file}`),
  note: readNote,
};
const recordings: Source = {
  json: (file) => readShared(`reference/golden/spectral/${file}`),
  npy: (file) => readNpy(sharedPath(`reference/golden/spectral/${file}`)),
  note: (file) => readReferenceWav(sharedPath(file.replace('shared/', ''))),
};

interface Meta {
  readonly set_notes: readonly { readonly name: string; readonly file: string }[];
  readonly subsample: { readonly frame_step: number; readonly bin_step: number };
}
interface Statistics {
  readonly ch0: { readonly sum: number; readonly max: number };
  readonly loud_threshold_ch0: number;
  readonly loud_count: number;
  readonly energy_weighted_ch1_mean_loud: number;
  readonly energy_weighted_abs_ch1_mean_loud: number;
  readonly inverse: { readonly sumsq: number; readonly first_8: number[]; readonly samples_every_4000: number[] };
}

const variants = { linear: 'if', phase: 'phase', mel: 'if-mel' } as const;
const sizes = { '128x1024': presets.high, '256x512': presets.low };

interface Comparison {
  /** Largest difference of a loud bin's level. */
  readonly level: number;
  /** Largest difference of a loud bin's phase or frequency, modulo 2; frequency where the frame before is loud as well. */
  readonly turn: number;
  /** Share of bins, loud or not, whose level is within 0.01. */
  readonly near: number;
  /** How far the sum of all levels is off, as a share of it. */
  readonly sum: number;
}

async function compare({ json, npy }: Source, rep: Representation, image: Float32Array, key: string): Promise<Comparison> {
  const { subsample } = await json<Meta>('meta.json');
  const statistics = (await json<Record<string, Statistics>>('stats.json'))[key]!;
  const spots = (await json<Record<string, [number, number, number, number][]>>('loud_spots.json'))[key];
  const [size, note, variant] = key.split('/');
  const golden = await npy(`${size}/${note}_${variant}_sub.npy`);
  const at = (frame: number, bin: number, channel: number): number => image[(frame * rep.bins + bin) * 2 + channel]!;
  const [frames, bins] = golden.shape as [number, number];
  const loud = (value: number): boolean => value > statistics.loud_threshold_ch0;
  let [near, level, turn] = [0, 0, 0];
  const check = (frame: number, bin: number, expectedLevel: number, expectedTurn: number): number => {
    const difference = Math.abs(at(frame, bin, 0) - expectedLevel);
    if (!loud(expectedLevel)) return difference;
    level = Math.max(level, difference);
    // The frame before may be quiet, and then the difference of phases carries its noise.
    if (variant === 'phase' || (frame > 0 && loud(at(frame - 1, bin, 0))))
      turn = Math.max(turn, apart(at(frame, bin, 1), expectedTurn));
    return difference;
  };
  for (let i = 0; i < frames; i++) {
    for (let j = 0; j < bins; j++) {
      const entry = (i * bins + j) * 2;
      const place = [i * subsample.frame_step, j * subsample.bin_step] as const;
      if (check(...place, golden.data[entry]!, golden.data[entry + 1]!) < 0.01) near++;
    }
  }
  for (const spot of spots!) check(...spot);
  return { near: near / (frames * bins), level, turn, sum: expectStatistics(image, statistics, variant === 'mel') };
}

/** Checks sums over loud bins; returns how far the sum of all levels is off, as a share. */
function expectStatistics(image: Float32Array, expected: Statistics, isPower: boolean): number {
  const count = image.length / 2;
  let [sum, max, loudCount, energy, weighted, weightedAbsolute] = [0, Number.NEGATIVE_INFINITY, 0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const level = image[2 * i]!;
    const turn = image[2 * i + 1]!;
    sum += level;
    max = Math.max(max, level);
    if (level <= expected.loud_threshold_ch0) continue;
    const power = Math.exp(isPower ? level : 2 * level);
    loudCount++;
    energy += power;
    weighted += power * turn;
    weightedAbsolute += power * Math.abs(turn);
  }
  expect(max).toBeCloseTo(expected.ch0.max, 4);
  expect(loudCount).toBe(expected.loud_count);
  expect(weightedAbsolute / energy).toBeCloseTo(expected.energy_weighted_abs_ch1_mean_loud, 4);
  expect(weighted / energy).toBeCloseTo(expected.energy_weighted_ch1_mean_loud, 4);
  return Math.abs(sum / expected.ch0.sum - 1);
}

/** Values of a tensor that is made and freed here. */
async function valuesOf(make: () => tf.Tensor): Promise<Float32Array> {
  const x = tf.tidy(make);
  const values = await x.data<'float32'>();
  x.dispose();
  return values;
}

/**
 * Images of the original code for two recorded notes (and for a genuine one of NSynth), and the audio it makes of them.
 *
 * @param engines that this backend can run
 * @param sineError largest error of this backend's sine and cosine
 */
export function goldenImagesSuite(engines: readonly EngineName[], { sineError = 0 }: { readonly sineError?: number } = {}): void {
  const suite = (source: Source, notes: readonly string[]): void => {
    for (const engine of engines) {
      for (const [size, shape] of Object.entries(sizes)) {
        for (const [variant, kind] of Object.entries(variants)) {
          describe(`${kind} ${size} by the ${engine} engine`, () => {
            for (const note of notes) {
              it(`encodes the ${note} note as the original does`, async () => {
                const listed = (await source.json<Meta>('meta.json')).set_notes.find(({ name }) => name === note);
                const audio = await source.note((listed as { file: string }).file);
                const rep = representation({ kind, engine, ...shape });
                const image = await valuesOf(() => rep.encode(tf.tensor2d(audio, [1, audio.length])));
                const found = await compare(source, rep, image, `${size}/${note}/${variant}`);
                expect(found.level, 'level of loud bins').toBeLessThan(1e-4);
                expect(found.turn, 'phase or frequency of loud bins').toBeLessThan(1e-4);
                expect(found.near, 'share of bins whose level is within 0.01').toBeGreaterThan(0.99);
                expect(found.sum, 'sum of levels').toBeLessThan(1e-4);
                const decoded = await valuesOf(() => rep.decode(tf.tensor4d(image, [1, ...rep.shape])));
                expect(decoded.length).toBe(64_000);
                // The original's own float32 rounding differs from float64 by 2.2e-4 (phase: 3e-7).
                const absolute = kind === 'phase' ? Math.max(1e-5, sineError) : 1e-3;
                const statistics = await source.json<Record<string, Statistics>>('stats.json');
                const { inverse } = statistics[`${size}/${note}/${variant}`]!;
                const every4000 = decoded.filter((_, n) => n % 4000 === 0);
                expectClose(decoded.subarray(0, 8), inverse.first_8, { absolute, label: 'first samples' });
                expectClose(every4000, inverse.samples_every_4000, { absolute, label: 'every 4000th sample' });
                const energy = decoded.reduce((sum, x) => sum + x * x, 0);
                expect(Math.abs(energy / inverse.sumsq - 1), 'energy').toBeLessThan(Math.max(1e-4, 2 * sineError));
                if (note !== 'middle') return;
                const { data: golden } = await source.npy(`${size}/middle_${variant}_inverse.npy`);
                expectClose(decoded, golden, { absolute, label: 'decoded audio' });
                expect(difference(decoded, golden).rms).toBeLessThan(1e-4);
              });
            }
          });
        }
      }
    }
  };
  describe('images and audio of the original code', () => suite(repository, ['low', 'high']));
  describeWithGenuineNSynth('images and audio of the original code', () => suite(recordings, ['middle']));
}

/** The mel matrices of the original code: plain numbers, the same on every backend. */
export function goldenMelSuite(): void {
  describe('mel matrices of the original code', () => {
    it.each([1024, 512])('has the taps of %i bins, there and back', async (bins) => {
      const { forward, inverse } = gansynthMel({ bins });
      for (const [name, operator] of [
        ['linear_to_mel', forward],
        ['mel_to_linear', inverse],
      ] as const) {
        const { data } = await readGoldenNpy(`spectral/${name}_${bins}_taps.npy`);
        const taps = operatorTaps(operator).sort((a, b) => a.row - b.row || a.column - b.column);
        expect(taps.length, name).toBe(data.length / 3);
        // 1e-9: stated by the reference.
        expectClose(
          taps.flatMap(({ row, column, value }) => [row, column, value]),
          data,
          { absolute: 1e-9, label: name },
        );
      }
    });
  });
}
