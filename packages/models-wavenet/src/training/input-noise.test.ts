import '@gansynth/training/wasm';
import { describeOnBackends } from '@gansynth/test-kit';
import { trainStep } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { tiny, tinyTraining, tones } from '../test-support/tiny.js';
import { inputNoise } from './input-noise.js';
import { WaveNetTask } from './wavenet-task.js';

/** Nats of the last of 60 steps with so much noise. */
const natsWith = async (noise: number): Promise<number> => {
  const task = new WaveNetTask({
    network: tiny.pitch8,
    training: { ...tinyTraining, totalSteps: 60, inputNoise: noise, learningRate: 0.01 },
    seed: 1,
    data: tones(),
  });
  let nats = 0;
  for (let step = 0; step < 60; step++) nats = (await trainStep(task)).losses.nats;
  task.dispose();
  return nats;
};

describeOnBackends(
  'noise in what is heard',
  () => {
    test('noise has the deviation asked for, and is an example’s own in a batch of any size', () => {
      tf.tidy(() => {
        const silence = tf.zeros<tf.Rank.R2>([2, 4000]);
        const noise = inputNoise(0.02, [5, 6])(silence);
        const { mean, variance } = tf.moments(noise, 1);
        for (const value of mean.dataSync()) expect(Math.abs(value)).toBeLessThan(0.0015);
        for (const value of variance.dataSync()) expect(Math.abs(Math.sqrt(value) - 0.02)).toBeLessThan(0.001);
        const alone = inputNoise(0.02, [6])(tf.zeros<tf.Rank.R2>([1, 4000]));
        expect(alone.dataSync()).toEqual(tf.slice(noise, [1, 0], [1, 4000]).dataSync());
      });
    });

    test('a training with noise is told worse of the past, and predicts the same samples', async () => {
      const [clean, noisy, deaf] = [await natsWith(0), await natsWith(0.03), await natsWith(1)];
      expect(noisy).toBeGreaterThan(clean);
      expect(deaf).toBeGreaterThan(noisy);
      // What it predicts has no noise: deaf as it is, it still learns how samples are spread.
      expect(deaf).toBeLessThan(5.2);
    });
  },
  ['wasm'],
);
