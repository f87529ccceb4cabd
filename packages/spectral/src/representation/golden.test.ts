import * as tf from '@tensorflow/tfjs-core';
import {
  describeOnBackends,
  describeWithShared,
  difference,
  expectClose,
  readNpy,
  readReferenceWav,
  readShared,
  sharedPath,
} from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import type { EngineName } from '../engine/select.js';
import { presets } from './presets.js';
import { representation, type Representation } from './representation.js';

const folder = 'reference/golden/spectral';
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
}

const variants = { linear: 'if', phase: 'phase', mel: 'if-mel' } as const;
const sizes = { '128x1024': presets.high, '256x512': presets.low };

/** Distance on a circle of circumference 2. */
const apart = (a: number, b: number): number => Math.abs(a - b - 2 * Math.round((a - b) / 2));

const encode = (rep: Representation, audio: Float32Array): Float32Array =>
  tf.tidy(() =>
    rep
      .encode(tf.tensor2d(audio, [1, audio.length]))
      .dataSync<'float32'>()
      .slice(),
  );

function expectOriginalImage(rep: Representation, image: Float32Array, key: string): void {
  const { subsample } = readShared<Meta>(`${folder}/meta.json`);
  const [size, note, variant] = key.split('/');
  const golden = readNpy(sharedPath(`${folder}/${size}/${note}_${variant}_sub.npy`));
  const statistics = readShared<Record<string, Statistics>>(`${folder}/stats.json`)[key] as Statistics;
  const at = (frame: number, bin: number, channel: number): number => image[(frame * rep.bins + bin) * 2 + channel] as number;
  const [frames, bins] = golden.shape as [number, number];
  const loud = (value: number): boolean => value > statistics.loud_threshold_ch0;
  let near = 0;
  let level = 0;
  let turn = 0;
  for (let i = 0; i < frames; i++) {
    for (let j = 0; j < bins; j++) {
      const [frame, bin] = [i * subsample.frame_step, j * subsample.bin_step];
      const [expectedLevel, expectedTurn] = [
        golden.data[(i * bins + j) * 2] as number,
        golden.data[(i * bins + j) * 2 + 1] as number,
      ];
      const difference = Math.abs(at(frame, bin, 0) - expectedLevel);
      if (difference < 0.01) near++;
      if (!loud(expectedLevel)) continue;
      level = Math.max(level, difference);
      if (variant === 'phase' || (frame > 0 && loud(at(frame - 1, bin, 0))))
        turn = Math.max(turn, apart(at(frame, bin, 1), expectedTurn));
    }
  }
  expect(near / (frames * bins), 'share of bins whose level is within 0.01').toBeGreaterThan(0.99);
  expect(level, 'level of loud bins').toBeLessThan(1e-4);
  expect(turn, 'phase or frequency of loud bins, modulo 2').toBeLessThan(1e-4);
  for (const [frame, bin, ch0, ch1] of readShared<Record<string, [number, number, number, number][]>>(
    `${folder}/loud_spots.json`,
  )[key] ?? []) {
    expect(at(frame, bin, 0)).toBeCloseTo(ch0, 4);
    // The frame before may be quiet, and then the difference of phases carries its noise.
    if (variant === 'phase' || loud(at(frame - 1, bin, 0))) expect(apart(at(frame, bin, 1), ch1)).toBeLessThan(1e-4);
  }
  expectStatistics(image, statistics, variant === 'mel');
}

function expectStatistics(image: Float32Array, expected: Statistics, isPower: boolean): void {
  const count = image.length / 2;
  let [sum, max, loudCount, energy, weighted, weightedAbsolute] = [0, Number.NEGATIVE_INFINITY, 0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const level = image[2 * i] as number;
    const turn = image[2 * i + 1] as number;
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
  expect(Math.abs(sum / expected.ch0.sum - 1), 'sum of levels').toBeLessThan(1e-4);
  expect(loudCount).toBe(expected.loud_count);
  expect(weightedAbsolute / energy).toBeCloseTo(expected.energy_weighted_abs_ch1_mean_loud, 4);
  expect(weighted / energy).toBeCloseTo(expected.energy_weighted_ch1_mean_loud, 4);
}

describeWithShared(folder, 'images and audio of the original code', () => {
  describeOnBackends('representation', (backend) => {
    const engines: readonly EngineName[] = backend === 'wasm' ? ['typed-array', 'tensor'] : ['typed-array'];
    for (const engine of engines) {
      for (const [size, shape] of Object.entries(sizes)) {
        for (const [variant, kind] of Object.entries(variants)) {
          describe(`${kind} ${size} by the ${engine} engine`, () => {
            for (const note of ['low', 'middle', 'high']) {
              it(`encodes the ${note} note as the original does`, () => {
                const { file } = readShared<Meta>(`${folder}/meta.json`).set_notes.find(({ name }) => name === note) as {
                  file: string;
                };
                const audio = readReferenceWav(sharedPath(file.replace('shared/', '')));
                const rep = representation({ kind, engine, ...shape });
                const image = encode(rep, audio);
                expectOriginalImage(rep, image, `${size}/${note}/${variant}`);
                if (note !== 'middle') return;
                const decoded = tf.tidy(() =>
                  rep
                    .decode(tf.tensor4d(image, [1, ...rep.shape]))
                    .dataSync<'float32'>()
                    .slice(),
                );
                expect(decoded.length).toBe(64_000);
                const golden = readNpy(sharedPath(`${folder}/${size}/middle_${variant}_inverse.npy`)).data;
                // The original's own float32 rounding differs from float64 by 2.2e-4 (phase: 3e-7).
                expectClose(decoded, golden, { absolute: kind === 'phase' ? 1e-5 : 1e-3, label: 'decoded audio' });
                expect(difference(decoded, golden).rms).toBeLessThan(1e-4);
              });
            }
          });
        }
      }
    }
  });
});
