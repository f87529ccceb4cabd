import '@gansynth/training/wasm';
import { describeOnBackends, expectNoLeak } from '@gansynth/test-kit';
import {
  dataCursor,
  defineTask,
  restoreTask,
  runTraining,
  stateOf,
  TrainingProgress,
  trainStep,
  type Numbers,
  type StepContext,
  type TrainingTask,
} from '@gansynth/training';
import { tamperedSource, taskChecks } from '@gansynth/training/test';
import { ArgumentError, networkConfig, ProgressiveGanTask, resumeProgressiveGanTask } from '@gansynth/models-gan';
import { ganDraws, GanPlayers, ganIteration, ganStreams, type OwnTerms } from '@gansynth/models-gan/training';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { imageFaults } from '../src/test-support/image-faults.js';
import { syntheticSource, tinyNetwork as network, tinyTraining as training } from '../src/test-support/synthetic.js';

const batchSize = 4;

/** Images shall have the real ones' mean brightness, and the critic's scores of both kinds shall be centred. */
const ownTerms = (weight = 1): OwnTerms => ({
  generator: {
    brightness: { weight, of: ({ images, real }) => tf.square(tf.sub(tf.mean(images), tf.mean(real))) },
  },
  critic: {
    centre: { weight, of: ({ onReal, onGenerated }) => tf.square(tf.mean(tf.add(onReal.score, onGenerated.score))) },
  },
});

/** A training of one's own: not progressive, both updates on the same latents, drawn from a narrower normal, at the real images' pitches. */
function ownTask(data: ReturnType<typeof syntheticSource>, criticLearningRate = 2e-3): TrainingTask<Numbers> {
  const players = new GanPlayers({ network, training: { generatorLearningRate: 2e-3, criticLearningRate }, seed: 3 }).grow();
  const streams = ganStreams(3);
  return defineTask({
    kind: 'own-gan',
    version: 1,
    config: { batchSize },
    unit: 'images',
    total: 5 * batchSize,
    progress: new TrainingProgress(),
    phase: { index: 0, label: 'its only stage' },
    parts: { generator: players.generator, critic: players.critic, average: players.average, streams, data: dataCursor(data) },
    divergenceLimit: 1e5,
    async step(context: StepContext) {
      const batch = await data.next(batchSize, { size: [4, 8] });
      try {
        const { labels } = batch;
        const drawn = ganDraws(streams, batchSize, network);
        const latents = drawn.generatorLatents.map((value) => 0.7 * value);
        const draws = {
          ...drawn,
          generatorLatents: latents,
          criticLatents: latents,
          generatorLabels: labels,
          criticLabels: labels,
        };
        return await ganIteration({ network, players, batch, draws, ownTerms: ownTerms() }, context);
      } finally {
        batch.images.dispose();
      }
    },
    dispose: () => players.dispose(),
  });
}

describeOnBackends("a training of one's own around one iteration of the GAN", () => {
  const checks = taskChecks({
    create: (tamper) => ownTask(tamperedSource(syntheticSource(network), tamper, imageFaults)),
    async resume(state) {
      const task = ownTask(syntheticSource(network, { seed: 99 }));
      try {
        await restoreTask(task, state);
        return task;
      } catch (error) {
        task.dispose();
        throw error;
      }
    },
    createDiverging: () => ownTask(syntheticSource(network), 1e20),
    refusals: {
      'a value that is not a number': /expected finite values in all images, found NaN/,
      'one channel more': /image source: expected 4 images \[4, height, width, 2\].*found \[4,4,8,3\]/,
      'one image less': /found \[3,4,8,2\] and 4 labels/,
    },
  });
  for (const { name, run } of checks) test(name, run);
});

const start = (own: OwnTerms): ProgressiveGanTask =>
  new ProgressiveGanTask({ network, training, seed: 1, data: syntheticSource(network), ownTerms: own });

async function valuesAfter(task: ProgressiveGanTask, steps: number): Promise<{ losses: Numbers; weights: number[] }> {
  let losses: Numbers = {};
  for await (const event of runTraining(task, { steps })) if (event.type === 'step') losses = event.losses;
  const weights = Object.values(task.generatorWeights('current')).flatMap((weight) => [...weight.dataSync()]);
  return { losses, weights };
}

describe("terms of one's own in the losses of a progressive GAN", () => {
  test('are added to the total with their weight, and reported without', async () => {
    const without = start({});
    const reported = start(ownTerms(0));
    const weighted = start(ownTerms(0.5));
    const [plain, zero, half] = [await valuesAfter(without, 1), await valuesAfter(reported, 1), await valuesAfter(weighted, 1)];
    // On the first step all three see the same networks, up to the generator's update, which comes before the critic's.
    expect(zero.losses).toMatchObject(plain.losses);
    expect(half.losses['generatorBrightness']).toBe(zero.losses['generatorBrightness']);
    expect(half.losses['generatorBrightness']).toBeGreaterThan(0);
    expect(half.losses['generator']).toBeCloseTo(
      (plain.losses['generator'] ?? Number.NaN) + 0.5 * (half.losses['generatorBrightness'] ?? Number.NaN),
      5,
    );
    expect(half.losses['criticCentre']).toBeGreaterThan(0);
    expect(zero.weights).toEqual(plain.weights);
    expect(half.weights).not.toEqual(plain.weights);
    for (const task of [without, reported, weighted]) task.dispose();
  });

  test('that are only reported do not spoil the gradients, whatever their own are', async () => {
    const root: OwnTerms = {
      generator: {
        // The gradient of a square root at 0 is infinite, times 0 not a number.
        root: {
          weight: 0,
          of: ({ images }) => {
            const mean = tf.mean(images);
            return tf.sqrt(tf.sub(mean, mean));
          },
        },
      },
    };
    const [with0, without] = [start(root), start({ generator: undefined })];
    const [reported, plain] = [await valuesAfter(with0, 2), await valuesAfter(without, 2)];
    expect(reported.losses['generatorRoot']).toBe(0);
    expect(reported.weights).toEqual(plain.weights);
    expect(reported.weights.every(Number.isFinite)).toBe(true);
    for (const task of [with0, without]) task.dispose();
  });

  test('whose operations have no gradient are refused, and nothing is left of the step', async () => {
    const floor: OwnTerms = { generator: { floor: { weight: 1, of: ({ images }) => tf.mean(withoutGradient(images)) } } };
    const task = start(floor);
    await expect(trainStep(task)).rejects.toThrow(/gradient/);
    await expectNoLeak(() => expect(trainStep(task)).rejects.toThrow(/gradient/));
    task.dispose();
  });

  test('in micro-batches, are means over the batch', async () => {
    const level: OwnTerms = { generator: { level: { weight: 1, of: ({ images }) => tf.mean(images) } } };
    const options = { network, seed: 1, ownTerms: level };
    const whole = new ProgressiveGanTask({ ...options, training, data: syntheticSource(network) });
    const split = new ProgressiveGanTask({
      ...options,
      training: { ...training, microBatchSize: 1 },
      data: syntheticSource(network),
    });
    const [one, parts] = [await trainStep(whole), await trainStep(split)];
    expect(parts.losses['generatorLevel']).toBeCloseTo(one.losses['generatorLevel'] ?? Number.NaN, 5);
    whole.dispose();
    split.dispose();
  });

  test('a pull stronger than all else moves the images where it pulls', async () => {
    const level: OwnTerms = { generator: { level: { weight: 1e3, of: ({ images }) => tf.square(tf.sub(tf.mean(images), 3)) } } };
    const task = start(level);
    const first = (await trainStep(task)).losses['generatorLevel'] ?? Number.NaN;
    let last = first;
    for await (const event of runTraining(task)) if (event.type === 'step') last = event.losses['generatorLevel'] ?? Number.NaN;
    expect(last).toBeLessThan(0.9 * first);
    task.dispose();
  });

  test('must be given again to a training that goes on', async () => {
    const first = start(ownTerms());
    await trainStep(first);
    const state = stateOf(first);
    const data = syntheticSource(network);
    await expect(resumeProgressiveGanTask(state, { data })).rejects.toThrow(
      /expected ownTerms\.generator\.brightness, with which this training was begun, found none/,
    );
    const second = await resumeProgressiveGanTask(state, { data, ownTerms: ownTerms() });
    const [here, there] = [await trainStep(first), await trainStep(second)];
    expect(there.losses).toEqual(here.losses);
    first.dispose();
    second.dispose();
  });

  test.each([
    [{ generator: { pitch: { weight: 1, of: () => tf.scalar(0) } } }, /ownTerms\.generator\.pitch: expected a camelCase name/],
    [
      { generator: { level: { weight: Number.NaN, of: () => tf.scalar(0) } } },
      /ownTerms\.generator\.level: expected a finite weight, found NaN/,
    ],
    [{ discriminator: {} }, /expected terms of generator or critic, found "discriminator"/],
  ])('that cannot be right are refused before anything is trained: %o', (own, message) => {
    expect(() => start(own as OwnTerms)).toThrow(message);
  });

  test('that are no scalar are refused, and the step undone', async () => {
    const vector: OwnTerms = { critic: { level: { weight: 1, of: ({ real }) => tf.mean(real, [1, 2, 3]) } } };
    const task = start(vector);
    await expect(trainStep(task)).rejects.toThrow(/own term "level": expected a scalar, .*found \[4\]\. Return tf\.mean of it/);
    expect(task.progress.steps).toBe(0);
    await expectNoLeak(() => expect(trainStep(task)).rejects.toThrow(/expected a scalar/));
    task.dispose();
  });
});

/** An operation that can be computed and not be differentiated. */
const withoutGradient = (x: tf.Tensor): tf.Tensor =>
  tf.customGrad<tf.Tensor>(() => ({
    value: tf.clone(x),
    gradFunc: () => {
      throw new Error('no gradient');
    },
  }))(x);

test('labels of real notes whose pitch is not known are taken for the generated ones', async () => {
  const players = new GanPlayers({ network, seed: 1 }).grow();
  const batch = { ...(await syntheticSource(network).next(batchSize, { size: [4, 8] })), labels: Int32Array.of(0, -1, 2, -1) };
  const drawn = ganDraws(ganStreams(1), batchSize, network);
  const draws = { ...drawn, generatorLabels: batch.labels, criticLabels: batch.labels };
  const context: StepContext = { breathe: async () => {}, check: () => {} };
  const { losses } = await ganIteration({ network, players, batch, draws }, context);
  expect(Object.values(losses).every(Number.isFinite)).toBe(true);
  batch.images.dispose();
  players.dispose();
});

describe('the networks of a progressive GAN', () => {
  // Of the critic alone: the generator's variables would be there already.
  const planes = { features: 2, generator: [], critic: ['block_1/conv0'] };
  const conditioned = networkConfig({ ...network, conditioning: planes });

  test.each([undefined, { shape: [3, 4, 2], data: new Float32Array(24) }])(
    'are not made, in part or whole, without the table that they need: %o',
    async (conditioning) => {
      await expectNoLeak(() => {
        const options = { network: conditioned, seed: 1, ...(conditioning && { conditioning }) };
        expect(() => new GanPlayers(options).grow()).toThrow(/expected a table of shape \[3,8,2\]/);
      });
    },
  );

  test('take what decides how they learn, and refuse what they would ignore', () => {
    const wrong: object = { losses: { l1Weight: 1 } };
    expect(() => new GanPlayers({ network, seed: 1, training: wrong })).toThrow(ArgumentError);
    expect(() => new GanPlayers({ network, seed: 1, training: wrong })).toThrow(
      /new GanPlayers: training: expected options adam, .*found "losses"/,
    );
  });
});

test('draws that do not fit are an error with the number that is missing', async () => {
  const players = new GanPlayers({ network, seed: 1 }).grow();
  const batch = await syntheticSource(network).next(batchSize, { size: [4, 8] });
  const draws = ganDraws(ganStreams(1), batchSize, network);
  const context: StepContext = { breathe: async () => {}, check: () => {} };
  const iterate = (change: Partial<typeof draws>) =>
    ganIteration({ network, players, batch, draws: { ...draws, ...change } }, context);
  await expect(iterate({ criticLatents: new Float32Array(3) })).rejects.toThrow(
    /draws\.criticLatents: expected 16 values \(4 latents of 4\), found 3/,
  );
  await expect(iterate({ generatorLabels: Int32Array.of(60, 62, 64, 60) })).rejects.toThrow(
    /draws\.generatorLabels: expected positions in the network's 3 pitches, or -1 for none, found 60/,
  );
  batch.images.dispose();
  players.dispose();
});
