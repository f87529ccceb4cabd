import '@gansynth/training/wasm';
import { describeOnBackends } from '@gansynth/test-kit';
import { trainStep } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { PitchConditioning } from '../config/conditioning-config.js';
import { waveNetConfig } from '../config/wavenet-config.js';
import { pitchFrames, pitchStack } from '../network/pitch-stack.js';
import { tiny, tinyTraining, tones } from '../test-support/tiny.js';
import { WaveNetTask } from './wavenet-task.js';

/** Eight layers, as the paper's stack has. */
const deep = waveNetConfig({
  ...tiny.pitch8,
  conditioning: { ...(tiny.pitch8.conditioning as PitchConditioning), width: 4, dilations: [1, 2, 2, 2, 2], plainLayers: 3 },
});
const pitched = deep.conditioning as PitchConditioning;

/** How far apart what two pitches tell the network is, at most, after so many fast steps. */
async function apart(steps: number): Promise<number> {
  const training = { ...tinyTraining, totalSteps: 1000, learningRate: 0.02 };
  const task = new WaveNetTask({ network: deep, training, seed: 1, data: tones() });
  for (let step = 0; step < steps; step++) await trainStep(task);
  const told = tf.tidy(() => {
    const held = tf.slice(pitchStack(task.weights('raw'), pitched, pitchFrames([0, 1], pitched)), [0, 0, 0], [2, 4, -1]);
    const [first, second] = tf.split(held, 2);
    return tf.max(tf.abs(tf.sub(first!, second!))).dataSync()[0]!;
  });
  task.dispose();
  return told;
}

describeOnBackends(
  'what a WaveNet is told of its pitch',
  () => {
    // Rectified units die: all of this stack within as many steps, and then every pitch is told alike.
    test.each([0, 300])('differs by pitch after %i steps of a large rate', async (steps) => {
      expect(await apart(steps)).toBeGreaterThan(0.1);
    });
  },
  ['wasm'],
);
