import '@gansynth/training/wasm';
import { describeOnBackends } from '@gansynth/test-kit';
import { trainStep } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { networkConfig, type NoteAttribute } from '../config.js';
import { GeneratorModel } from '../../model/generator-model.js';
import { latentWithAttribute } from '../../sampling/attributes.js';
import { drawLatents } from '../../sampling/latents.js';
import { latentTensor } from '../../sampling/sample.js';
import { tinyNetwork, tinyTraining } from '../../test-support/synthetic.js';
import type { ImageSource } from '../../gan/image-source.js';
import { ProgressiveGanTask } from './progressive-gan-task.js';

const network = networkConfig({
  ...tinyNetwork,
  blocks: 1,
  pitches: [60],
  start: [1, 2],
  filters: [8, 8],
  normaliser: null,
  instruments: ['flute'],
  attributes: [{ name: 'velocity', levels: 2 }],
});

/** Soft notes are images of -0.5, loud ones of 0.5, in no order. */
const softAndLoud: ImageSource = {
  next: async (batchSize) => {
    const levels = Int32Array.from({ length: batchSize }, (_, i) => (i * 7 + (i >> 1)) % 2);
    const values = Float32Array.from({ length: batchSize * 4 }, (_, i) => levels[i >> 2]! - 0.5);
    return {
      images: tf.tensor4d(values, [batchSize, 1, 2, 2]),
      labels: new Int32Array(batchSize),
      instruments: new Int32Array(batchSize),
      levels: [levels],
    };
  },
  state: () => null,
};

const struck = (velocities: number[]): { attributes: NoteAttribute[] } => ({
  attributes: [{ name: 'velocity', levels: 2, velocities }],
});

describeOnBackends('a network with attributes', () => {
  test('learns what its levels are, where images are compared with real ones of the same level', async () => {
    const task = new ProgressiveGanTask({
      network,
      training: {
        schedule: { progressive: false, totalImages: 1e6, batchSizes: [8] },
        generatorLearningRate: 1e-2,
        criticLearningRate: 1e-9,
        losses: { l1Weight: 100, generatorPitchWeight: 0 },
        averageDecay: 0.9,
      },
      seed: 1,
      data: softAndLoud,
    });
    for (let i = 0; i < 120; i++) await trainStep(task);
    const model = new GeneratorModel({ config: network, weights: task.generatorWeights(), growth: task.growth });
    const [soft, loud] = [0, 1].map((level) => {
      const latents = drawLatents(32, { seed: 2, latentSize: network.latentSize });
      const chosen = latents.map((z) => latentWithAttribute(z, network, 'velocity', level));
      return tf.tidy(() => tf.mean(model.generate(latentTensor(chosen, network.latentSize), new Int32Array(32))).dataSync()[0]);
    });
    expect(soft).toBeLessThan(-0.3);
    expect(loud).toBeGreaterThan(0.3);
    model.dispose();
    task.dispose();
  });

  test('refuses batches without levels, or with such as it does not know', async () => {
    const of = (levels?: Int32Array[]): ImageSource => ({
      ...softAndLoud,
      next: async (batchSize, request) => {
        const { levels: _, ...batch } = await softAndLoud.next(batchSize, request);
        return levels === undefined ? batch : { ...batch, levels };
      },
    });
    const training = { ...tinyTraining, pitchCounts: null };
    for (const [levels, message] of [
      [undefined, /expected levels of the network's 1 attributes, found those of 0/],
      [[Int32Array.of(0, 1, 2, 0)], /expected 4 levels of "velocity" from 0 to 1 \(or -1 for an unknown one\), found 2/],
      [[Int32Array.of(0, 1)], /expected 4 levels of "velocity" .* found 2/],
    ] as const) {
      const task = new ProgressiveGanTask({ network, training, seed: 1, data: of(levels && [...levels]) });
      await expect(trainStep(task)).rejects.toThrow(message);
      task.dispose();
    }
    const { attributes: _, ...without } = network;
    const task = new ProgressiveGanTask({ network: without, training, seed: 1, data: softAndLoud });
    await expect(trainStep(task)).rejects.toThrow(/expected levels of the network's 0 attributes, found those of 1/);
    task.dispose();
  });

  test('is refused where an attribute has one level, a name twice, or no value of z', () => {
    expect(() => networkConfig({ attributes: [{ name: 'velocity', levels: 1 }] })).toThrow(
      /2 to 1024 levels for "velocity", found 1/,
    );
    const twice = { name: 'velocity', levels: 2 };
    expect(() => networkConfig({ attributes: [twice, twice] })).toThrow(/different names/);
    expect(() => networkConfig({ latentSize: 1, attributes: [twice, { name: 'source', levels: 2 }] })).toThrow(
      /at most 1 instruments and attributes/,
    );
    expect(() => networkConfig({ attributes: [twice], architecture: 'simple' })).toThrow(/equalised/);
  });

  test('is refused where velocities are not one for each level, ascending, of one attribute', () => {
    expect(networkConfig(struck([0, 127])).attributes).toEqual(struck([0, 127]).attributes);
    for (const wrong of [[30], [30, 60, 90], [60, 30], [30, 30], [30, 128], [-1, 30], [30, Number.NaN]]) {
      expect(() => networkConfig(struck(wrong)), wrong.join()).toThrow(/expected 2 ascending MIDI velocities .* for "velocity"/);
    }
    const other = { name: 'touch', levels: 2, velocities: [1, 2] };
    expect(() => networkConfig({ attributes: [...struck([30, 60]).attributes, other] })).toThrow(
      /for one attribute at most, found them for velocity, touch/,
    );
  });
});
