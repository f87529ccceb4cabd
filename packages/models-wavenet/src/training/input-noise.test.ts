import '@gansynth/training/wasm';
import { describeOnBackends, expectClose } from '@gansynth/test-kit';
import { trainStep } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { tiny, tinyTraining, tones } from '../test-support/tiny.js';
import { inputNoise, type InputNoise } from './input-noise.js';
import { WaveNetTask } from './wavenet-task.js';
import { waveNetTrainingConfig } from './wavenet-training-config.js';

const taskWith = (noise: number, learningRate: number): WaveNetTask =>
  new WaveNetTask({
    network: tiny.pitch8,
    training: { ...tinyTraining, batchSize: 8, totalSteps: 120, inputNoise: noise, learningRate },
    seed: 1,
    data: tones(),
  });

/** Mean nats of the last 20 of so many steps. */
const natsOf = async (task: WaveNetTask, steps: number): Promise<number> => {
  let nats = 0;
  for (let step = 0; step < steps; step++) {
    const { losses } = await trainStep(task);
    if (step >= steps - 20) nats += losses.nats / 20;
  }
  return nats;
};

/** Twice as loud from the middle on. [size, 8000] */
const loud = (size: number): tf.Tensor2D => {
  const levels = Float32Array.from({ length: 8000 * size }, (_, at) => (at % 8000 < 4000 ? -0.2 : 0.4));
  return tf.tensor2d(levels, [size, 8000]);
};

/** Of each example's noise, where the level is steady. */
const deviations = (share: InputNoise, seeds: readonly number[]): number[] => {
  const noise = tf.sub(inputNoise(share, seeds)(loud(seeds.length)), loud(seeds.length));
  return [...tf.sqrt(tf.moments(tf.slice(noise, [0, 256], [seeds.length, 3744]), 1).variance).dataSync()];
};

describeOnBackends(
  'noise in what is heard',
  () => {
    test('noise is a share of the level, and is an example’s own in a batch of any size', () => {
      tf.tidy(() => {
        // 256 samples after a change the level is known.
        const noise = tf.sub(inputNoise(0.1, [5, 6])(loud(2)), loud(2));
        for (const [from, deviation] of [
          [256, 0.02],
          [4256, 0.04],
        ] as const) {
          const { mean, variance } = tf.moments(tf.slice(noise, [0, from], [2, 3744]), 1);
          for (const value of mean.dataSync()) expect(Math.abs(value)).toBeLessThan(0.08 * deviation);
          for (const value of variance.dataSync()) expect(Math.sqrt(value) / deviation).toBeCloseTo(1, 1);
        }
        const alone = tf.sub(inputNoise(0.1, [6])(loud(1)), loud(1));
        expectClose(alone.dataSync(), tf.slice(noise, [1, 0], [1, 8000]).dataSync(), { absolute: 1e-7 });
      });
    });

    test('of a range of shares each example has its own, the same in a batch of any size', () => {
      tf.tidy(() => {
        // The level is 0.2 there.
        const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
        const shares = deviations([0.1, 0.5], seeds).map((deviation) => deviation / 0.2);
        for (const share of shares) expect(share).toBeGreaterThan(0.095);
        for (const share of shares) expect(share).toBeLessThan(0.525);
        expect(Math.max(...shares) - Math.min(...shares)).toBeGreaterThan(0.15);
        expectClose(deviations([0.1, 0.5], [3]), [0.2 * shares[2]!], { absolute: 1e-6 });
        expectClose(deviations([0.3, 0.3], [3]), deviations(0.3, [3]), { absolute: 1e-7 });
      });
    });

    test.each([
      ['a number that is too large', 11, /inputNoise: expected a number from 0 to 10, found 11/],
      ['a range that is upside down', [0.5, 0.1], /inputNoise: expected the least share first, found \[0.5, 0.1\]/],
      ['a range that goes too far', [0, 11], /inputNoise\[1\]: expected a number from 0 to 10, found 11/],
      ['half a range', [0.5], /inputNoise: expected a share or the least and the greatest, found \[0.5\]/],
      ['words', 'much', /inputNoise: expected a share or the least and the greatest, found "much"/],
    ])('%s is refused', (_, noise, message) => {
      expect(() => waveNetTrainingConfig(tiny.pitch8, { inputNoise: noise as InputNoise })).toThrow(message);
    });

    test('silence stays silent, and a sound is heard through it before its level is known', () => {
      tf.tidy(() => {
        const sound = tf.tensor2d([[...Array.from({ length: 300 }, () => 0), 0.5, 0.5, 0.5]]);
        const heard = inputNoise(1, [1])(sound).dataSync();
        expect(heard.slice(0, 300).every((value) => value === 0)).toBe(true);
        // One of 256 samples is loud: a sixteenth of its level.
        expect(Math.abs(heard[300]! - 0.5)).toBeGreaterThan(0);
        expect(Math.abs(heard[300]! - 0.5)).toBeLessThan(0.15);
      });
    });

    test('a network that has learned without noise hears worse of the past with it', async () => {
      const learned = taskWith(0, 0.01);
      await natsOf(learned, 120);
      const withNoise = async (noise: number): Promise<number> => {
        const task = taskWith(noise, 1e-9);
        for (const [name, weight] of Object.entries(learned.weights('raw')))
          (task.weights('raw')[name] as tf.Variable).assign(weight);
        const nats = await natsOf(task, 20);
        task.dispose();
        return nats;
      };
      const clean = await withNoise(0);
      const noisy = await withNoise(2);
      expect(noisy).toBeGreaterThan(clean + 0.1);
      expect(await withNoise(10)).toBeGreaterThan(noisy + 1);
      learned.dispose();
    });

    test('what is predicted has no noise: deaf as it is, a network learns how samples are spread', async () => {
      const deaf = taskWith(10, 0.01);
      expect(await natsOf(deaf, 120)).toBeLessThan(5);
      deaf.dispose();
    });
  },
  ['wasm'],
);
