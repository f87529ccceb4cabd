import '@gansynth/training/wasm';
import { describeOnBackends, expectClose } from '@gansynth/test-kit';
import { trainStep } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { syntheticSource, tinyNetwork } from '../../test-support/synthetic.js';
import { networkConfig, type NetworkConfig } from '../config.js';
import { ProgressiveGanTask } from '../training/progressive-gan-task.js';
import { generator } from './generator.js';
import { fullyGrown } from './stage-shape.js';
import { tensorGraph } from './tensor-graph.js';
import { networkVariables, parameterCount } from './variables.js';

const options: Partial<NetworkConfig> = {
  latentSize: 2,
  pitches: [60, 62],
  start: [2, 3],
  blocks: 1,
  filters: [8, 8],
  dense: [5, 4],
  toRgbActivation: 'linear',
  normaliser: null,
};
const network = networkConfig({ ...tinyNetwork, ...options });

const value = (seed: number, at: number): number => Math.sin(3 * seed + 1.7 * at);
const leaky = (x: readonly number[]): number[] => x.map((v) => (v < 0 ? 0.2 * v : v));

describeOnBackends('a fully connected generator', () => {
  test('has a kernel and a bias for each layer, and computes what they say', () => {
    const variables = networkVariables('generator', network);
    expect(variables.map(({ name, shape }) => `${name.split('/').slice(3).join('/')} [${shape}]`)).toEqual([
      'dense_1/bias [5]',
      'dense_1/dense/kernel [4,5]',
      'dense_2/bias [4]',
      'dense_2/dense/kernel [5,4]',
      'to_rgb/bias [12]',
      'to_rgb/dense/kernel [4,12]',
    ]);
    expect(parameterCount('generator', network)).toBe(25 + 24 + 60);

    // By hand, in double precision, from weights and inputs that are different everywhere.
    const plain = Object.fromEntries(
      variables.map(({ name, shape }, seed) => [
        name,
        Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, at) => value(seed, at)),
      ]),
    );
    const [latent, pitch] = [
      [0.6, -1.2],
      [0, 1],
    ];
    const input = [...latent!, ...pitch!];
    const norm = Math.sqrt(input.reduce((sum, x) => sum + x * x, 0) / input.length + network.pixelNormEpsilon);
    const layer = (x: readonly number[], name: string, units: number, gain: number): number[] => {
      const at = (part: string): readonly number[] => plain[variables.find((one) => one.name.endsWith(`${name}/${part}`))!.name]!;
      const [kernel, bias] = [at('dense/kernel'), at('bias')];
      return Array.from(
        { length: units },
        (_, to) => bias[to]! + (gain / Math.sqrt(x.length)) * x.reduce((sum, v, from) => sum + v * kernel[from * units + to]!, 0),
      );
    };
    const first = leaky(
      layer(
        input.map((v) => v / norm),
        'dense_1',
        5,
        Math.SQRT2,
      ),
    );
    const expected = layer(leaky(layer(first, 'dense_2', 4, Math.SQRT2)), 'to_rgb', 12, 1);

    tf.tidy(() => {
      const weights = Object.fromEntries(variables.map(({ name, shape }) => [name, tf.tensor(plain[name]!, [...shape])]));
      const image = generator(tensorGraph(weights), network, fullyGrown(network), {
        latent: tf.tensor2d([latent!]) as tf.Tensor,
        pitch: tf.tensor2d([pitch!]) as tf.Tensor,
      });
      expect(image.shape).toEqual([1, 2, 3, 2]);
      expectClose(image.dataSync(), Float32Array.from(expected), { absolute: 1e-5 });
    });
  });

  test('learns, alone and then against a critic', async () => {
    const task = new ProgressiveGanTask({
      network,
      training: {
        schedule: { progressive: false, totalImages: 800, batchSizes: [8] },
        generatorLearningRate: 2e-2,
        adversarialAfter: 400,
        losses: { l1Weight: 100, generatorPitchWeight: 0 },
      },
      seed: 1,
      data: syntheticSource(network),
    });
    const { losses: first } = await trainStep(task);
    for (let i = 0; i < 49; i++) await trainStep(task);
    const { losses } = await trainStep(task);
    expect(losses.generatorL1).toBeLessThan(0.6 * first.generatorL1!);
    expect(losses.penalty).toBeGreaterThan(0);
    task.dispose();
  });
});

describe('what cannot be fully connected', () => {
  test.each([
    [{ dense: [] }, /dense: expected 1 to 16 widths of 1 to 65536, found \[\]/],
    [{ dense: [8, 0] }, /found \[8,0\]/],
    [{ dense: [8, 2.5] }, /found \[8,2.5\]/],
    [{ dense: Array.from({ length: 17 }, () => 1) }, /1 to 16 widths/],
    [{ blocks: 2, filters: [8, 8, 8] }, /dense: expected 1 block, of the image's size \(start\), found 2 blocks/],
    [{ architecture: 'simple' }, /equalised architecture/],
    [{ dense: [65_536], start: [64, 64] }, /at most 268435456 weights, found 537133056: layers of 4 x 65536 x 8192\. Lower/],
    [{ dense: [65_536, 65_536] }, /found 4296015872: layers of 4 x 65536 x 65536 x 12/],
    [{ dense: [65_536], crossed: { attributes: [], anchors: 2 }, latentSize: 65_536 }, /layers of 65540 x 65536 x 12/],
    [
      { conditioning: { features: 1, generator: ['block_1/conv1'], critic: [] } },
      /conditioning\.generator: expected none in a fully connected generator.*found block_1\/conv1/,
    ],
  ] as [Partial<NetworkConfig>, RegExp][])('%j', (changed, message) => {
    expect(() => networkConfig({ ...tinyNetwork, ...options, ...changed })).toThrow(message);
  });
});
