import '@gansynth/training/wasm';
import { describeOnBackends, expectClose } from '@gansynth/test-kit';
import { trainStep } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { networkConfig, type NetworkConfig } from '../config.js';
import { generatorInput } from '../network/generator-input.js';
import { tensorGraph } from '../network/tensor-graph.js';
import { latentWithAttribute } from '../../sampling/attributes.js';
import { latentWithInstrument } from '../../sampling/instruments.js';
import { drawLatents } from '../../sampling/latents.js';
import { oneHotLabels } from '../../gan/pitch-loss.js';
import { syntheticSource, tinyNetwork } from '../../test-support/synthetic.js';
import { ProgressiveGanTask } from '../training/progressive-gan-task.js';

const options = {
  latentSize: 5,
  pitches: [60, 62, 66, 72],
  instruments: ['flute', 'horn'],
  attributes: [
    { name: 'velocity', levels: 3 },
    { name: 'collection', levels: 2 },
  ],
  crossed: { attributes: ['collection'], anchors: 3 },
} satisfies Partial<NetworkConfig>;
const network = networkConfig({ ...tinyNetwork, ...options });

/** Groups of the first layer's values. */
function inputs(
  latents: ArrayLike<number>[],
  labels: number[],
): Record<'votes' | 'velocity' | 'collection' | 'rest' | 'pitch' | 'table', number[]>[] {
  const rows = tf.tidy(() => {
    const latent = tf.tensor2d(latents.map((one) => [...(one as number[])]));
    const pitch = oneHotLabels(Int32Array.from(labels), network.pitches.length);
    return (generatorInput<tf.Tensor>(tensorGraph({}), network, { latent, pitch }) as tf.Tensor2D).arraySync();
  });
  return rows.map((row) => ({
    votes: row.slice(0, 2),
    velocity: row.slice(2, 5),
    collection: row.slice(5, 7),
    rest: row.slice(7, 8),
    pitch: row.slice(8, 12),
    table: row.slice(12),
  }));
}

const choose = (instrument: number, velocity: number, collection: number): Float32Array => {
  let latent = latentWithInstrument(drawLatents(1, { seed: 3, latentSize: 5 })[0]!, network, instrument, 2);
  // The middles of the levels' shares: what is drawn there besides would decide nothing else.
  latent = latent.map((value, at) => (at >= 2 ? 0 : value));
  latent = latentWithAttribute(latent, network, 'velocity', velocity);
  return latentWithAttribute(latent, network, 'collection', collection);
};

describeOnBackends('crossed inputs', () => {
  test('are one of each group where everything is decided, as large as its group', () => {
    const [row] = inputs([choose(1, 2, 0)], [2]);
    expectClose(row!.votes, [0, Math.SQRT2], { absolute: 1e-3 });
    expectClose(row!.velocity, [0, 0, Math.sqrt(3)], { absolute: 1e-3 });
    expectClose(row!.collection, [Math.SQRT2, 0], { absolute: 1e-3 });
    expect(row!.rest).toEqual([0]);
    expectClose(row!.pitch, [0, 0, 2, 0], { absolute: 1e-6 });
    // 66 is the middle of 60 to 72, so the second of three anchors: instrument 1, collection 0, anchor 1 of 2 x 2 x 3.
    expectClose(
      row!.table,
      Array.from({ length: 12 }, (_, at) => (at === 7 ? Math.sqrt(12) : 0)),
      { absolute: 5e-3 },
    );
  });

  test('share a pitch between the anchors around it, and a latent between levels', () => {
    const between = choose(0, 0.5, 1);
    const [row, silent] = inputs([between, between], [1, -1]);
    expectClose(row!.velocity, [Math.sqrt(3) / 2, Math.sqrt(3) / 2, 0], { absolute: 5e-3 });
    const table = Array.from({ length: 12 }, () => 0);
    [table[3], table[4]] = [(Math.sqrt(12) * 2) / 3, Math.sqrt(12) / 3];
    expectClose(row!.table, table, { absolute: 5e-3 });
    expect([...silent!.pitch, ...silent!.table]).toEqual(Array.from({ length: 16 }, () => 0));
  });

  test('shares of levels add up to one whatever z is', () => {
    const latents = Array.from({ length: 41 }, (_, at) => [1, 0, (at - 20) / 4, (20 - at) / 3, 0.3]);
    for (const { velocity, collection } of inputs(
      latents,
      latents.map(() => 0),
    )) {
      for (const group of [velocity, collection]) {
        expect(Math.min(...group)).toBeGreaterThanOrEqual(0);
        expect(group.reduce((sum, value) => sum + value, 0) / Math.sqrt(group.length)).toBeCloseTo(1, 5);
      }
    }
  });

  test('are learned from: a note of each combination', async () => {
    const source = syntheticSource(network);
    const task = new ProgressiveGanTask({
      network,
      training: {
        schedule: { progressive: false, totalImages: 800, batchSizes: [8] },
        generatorLearningRate: 2e-2,
        adversarialAfter: 800,
        instrumentLead: 0.5,
        losses: { l1Weight: 100, generatorPitchWeight: 0 },
      },
      seed: 1,
      data: {
        ...source,
        next: async (batchSize, request) => {
          const batch = await source.next(batchSize, request);
          const levels = [3, 2].map((count) => Int32Array.from({ length: batchSize }, (_, i) => (source.calls + i) % count));
          return { ...batch, levels };
        },
      },
    });
    const { losses: first } = await trainStep(task);
    for (let i = 0; i < 98; i++) await trainStep(task);
    const { losses } = await trainStep(task);
    expect(task.progress.done).toBe(800);
    // The critic never comes in; what is left is mostly the noise of the images, of a mean size of 0.2 here.
    expect(losses.generatorL1).toBeLessThan(0.6 * first.generatorL1!);
    expect(losses.critic).toBe(0);
    task.dispose();
  });
});

const config = (changed: Partial<NetworkConfig>) => () => networkConfig({ ...tinyNetwork, ...options, ...changed });

describe('what cannot be crossed', () => {
  test.each([
    [
      { crossed: { attributes: ['touch'], anchors: 3 } },
      /names of the network's attributes \(velocity, collection\).*found "touch"/,
    ],
    [{ crossed: { attributes: ['velocity', 'velocity'], anchors: 3 } }, /each once, found "velocity"/],
    [{ crossed: { attributes: [], anchors: 0 } }, /crossed\.anchors: expected 1 to 4, the number of pitches, found 0/],
    [{ crossed: { attributes: [], anchors: 5 } }, /expected 1 to 4, the number of pitches, found 5/],
    [
      {
        attributes: [
          { name: 'velocity', levels: 1024 },
          { name: 'collection', levels: 1024 },
        ],
        crossed: { attributes: ['velocity', 'collection'], anchors: 1 },
      },
      /at most 65536 combinations, found 2 instruments x 1048576 levels x 1 anchors = 2097152/,
    ],
    [
      { instruments: [], attributes: [], crossed: { attributes: [], anchors: 2 }, architecture: 'simple' },
      /equalised architecture/,
    ],
  ] as [Partial<NetworkConfig>, RegExp][])('%j', (changed, message) => {
    expect(config(changed)).toThrow(message);
  });
});
