import '@gansynth/training/wasm';
import { describeOnBackends, expectClose, expectNoLeak } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { networkConfig, type Affine, type NetworkConfig } from '../config.js';
import { ArgumentError, ConfigError, DivergenceError, StateError } from '../errors.js';
import { lossesAtSteps, lossesOnCpu } from '../test-support/first-losses.js';
import { syntheticSource, tinyNetwork, tinyTraining } from '../test-support/synthetic.js';
import type { StepEvent, TrainerEvent } from './events.js';
import { createTrainer, resumeTrainer } from './create-trainer.js';
import type { Trainer } from './trainer.js';
import type { TrainingOptions } from './training-config.js';
import type { TrainingState } from './training-state.js';

const start = (training: TrainingOptions = tinyTraining, seed = 1): Trainer =>
  createTrainer({ network: tinyNetwork, training, seed, data: syntheticSource(tinyNetwork) });

async function take(trainer: Trainer, steps: number): Promise<TrainerEvent[]> {
  const events: TrainerEvent[] = [];
  for await (const event of trainer.run({ steps })) events.push(event);
  return events;
}

/** As a checkpoint would hold it: through JSON and bytes. */
const stored = ({ manifest, tensors }: TrainingState): TrainingState => ({
  manifest: JSON.parse(JSON.stringify(manifest)) as TrainingState['manifest'],
  tensors: Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape, data: new Float32Array(data.slice().buffer) }]),
  ),
});

describeOnBackends('a training', () => {
  test.each([
    [1, 'in a stable stage'],
    [3, 'in the middle of a transition'],
    [4, 'at the border of two stages'],
    [7, 'in the middle of a later transition'],
  ])('stopped after step %i, %s, and resumed, ends in the same weights bit for bit', async (stop) => {
    const whole = start();
    await take(whole, 10);
    const expected = await whole.snapshot();

    const first = start();
    await take(first, stop);
    const saved = stored(await first.snapshot());
    first.dispose();
    const second = await resumeTrainer(saved, { data: syntheticSource(tinyNetwork, { seed: 99 }) });
    await take(second, 10 - stop);
    const actual = await second.snapshot();

    expect(actual.manifest).toEqual(expected.manifest);
    expect(Object.keys(actual.tensors)).toEqual(Object.keys(expected.tensors));
    for (const [name, { data }] of Object.entries(expected.tensors)) expect(actual.tensors[name]?.data, name).toEqual(data);
    whole.dispose();
    second.dispose();
  });

  test('walks through its stages, growing and blending', async () => {
    const trainer = start();
    const events = await take(trainer, 100);
    const stages = events.filter((event) => event.type === 'stage');
    expect(stages.map(({ stage, size }) => [stage.index, stage.blocks, ...size])).toEqual([
      [0, 1, 1, 2],
      [1, 2, 2, 4],
      [2, 2, 2, 4],
      [3, 3, 4, 8],
      [4, 3, 4, 8],
    ]);
    const steps = events.filter((event): event is StepEvent => event.type === 'step');
    expect(steps.map(({ progress }) => progress)).toEqual([0, 0, 0, 0.5, 1, 1, 1, 1.5, 2, 2]);
    expect(steps.every(({ losses }) => Object.values(losses).every(Number.isFinite))).toBe(true);
    expect(events.at(-1)).toEqual({ type: 'end', reason: 'complete', images: 40, steps: 10 });
    await expect(trainer.step()).rejects.toThrow(ArgumentError);
    trainer.dispose();
  });

  test('has the same losses on every backend', async () => {
    for (const [index, losses] of (await lossesAtSteps()).entries()) {
      expectClose(losses, lossesOnCpu[index] as readonly number[], { relative: 1e-5, label: 'losses' });
    }
  });

  test('frees every tensor it makes', async () => {
    await expectNoLeak(async () => {
      const trainer = start();
      await take(trainer, 3);
      const before = tf.memory().numTensors;
      await take(trainer, 1);
      expect(tf.memory().numTensors).toBe(before);
      await trainer.snapshot();
      await take(trainer, 100);
      trainer.dispose();
    });
  });

  test('refuses a step whose losses are out of bounds, and is then as it was before the step', async () => {
    const trainer = start({ ...tinyTraining, criticLearningRate: 1e20 });
    await take(trainer, 1);
    const before = await trainer.snapshot();
    const tensors = tf.memory().numTensors;
    const refused = await trainer.step().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(DivergenceError.isInstance(refused)).toBe(true);
    expect((refused as DivergenceError).report).toMatchObject({ images: 4, stage: 0, progress: 0 });
    expect((refused as DivergenceError).report.lastLosses).toHaveProperty('penalty');
    expect(await trainer.snapshot()).toEqual(before);
    expect(tf.memory().numTensors).toBe(tensors);
    trainer.dispose();
  });

  test('refuses images that are not finite, and is then as it was before the step', async () => {
    const data = syntheticSource(tinyNetwork, { spoil: (call) => call === 3 });
    const trainer = createTrainer({ network: tinyNetwork, training: tinyTraining, seed: 1, data });
    await take(trainer, 2);
    const before = await trainer.snapshot();
    await expect(trainer.step()).rejects.toThrow(/expected finite values in all images, found NaN/);
    expect(await trainer.snapshot()).toEqual(before);
    trainer.dispose();
  });

  test('a loss beyond the limit is divergence as well', async () => {
    const trainer = start({ ...tinyTraining, divergenceLimit: 1e-3 });
    await expect(trainer.step()).rejects.toThrow(/expected a finite .* within \+-0.001, found .* after 0 images/);
    trainer.dispose();
  });

  test('micro-batches draw the same random numbers as one batch', async () => {
    const whole = start();
    const split = start({ ...tinyTraining, microBatchSize: 3 });
    await take(whole, 2);
    await take(split, 2);
    expect((await split.snapshot()).manifest.streams).toEqual((await whole.snapshot()).manifest.streams);
    whole.dispose();
    split.dispose();
  });
});

const equalRows = (table: Affine['scale']): Affine['scale'] => Array.from({ length: 8 }, () => table[0] as readonly number[]);

/** Every loss of a whole tiny training. */
async function allLosses(network: NetworkConfig): Promise<number[]> {
  const trainer = createTrainer({ network, training: tinyTraining, seed: 1, data: syntheticSource(network) });
  const events = await take(trainer, 10);
  trainer.dispose();
  return events.flatMap((event) => (event.type === 'step' ? Object.values(event.losses) : []));
}

async function afterOneStage(optimiserAtStage: 'reset' | 'keep'): Promise<TrainingState> {
  const trainer = start({ ...tinyTraining, optimiserAtStage });
  await take(trainer, 2);
  const state = await trainer.snapshot();
  trainer.dispose();
  return state;
}

async function firstLoss(seed: number): Promise<number> {
  const trainer = start(tinyTraining, seed);
  const { losses } = await trainer.step();
  trainer.dispose();
  return losses.critic;
}

const conditioned = networkConfig({
  ...tinyNetwork,
  conditioning: { features: 2, generator: ['block_2/conv0', 'block_3/conv1'], critic: ['block_1/conv0', 'block_3/conv0'] },
});
/** [pitches, bins, features]: a line of ones at a bin of the pitch's own. */
const planes = { shape: [3, 8, 2], data: Float32Array.from({ length: 48 }, (_, i) => Number(i % 16 === 4 * Math.floor(i / 16))) };

describeOnBackends(
  'a training (any backend)',
  () => {
    test('takes conditioning planes, freezes them, and resumes exactly', async () => {
      const begin = (): Trainer =>
        createTrainer({
          network: conditioned,
          training: tinyTraining,
          seed: 1,
          data: syntheticSource(conditioned),
          conditioning: planes,
        });
      const whole = begin();
      await take(whole, 10);
      const expected = await whole.snapshot();
      const name = 'Generator/progressive_gan_generator/conditioning/planes';
      expect(expected.tensors[name]?.data).toEqual(planes.data);
      expect(expected.tensors).not.toHaveProperty([`${name}/ExponentialMovingAverage`]);
      const first = begin();
      await take(first, 7);
      const second = await resumeTrainer(stored(await first.snapshot()), { data: syntheticSource(conditioned) });
      await take(second, 3);
      expect((await second.snapshot()).tensors).toEqual(expected.tensors);
      const missing = createTrainer({
        network: conditioned,
        training: tinyTraining,
        seed: 1,
        data: syntheticSource(conditioned),
      });
      await expect(missing.step()).rejects.toThrow(/conditioning: expected a table of shape \[3,8,2\] .* found none/);
      for (const trainer of [whole, first, second, missing]) trainer.dispose();
    });

    test('has the same losses at the size of the current block as at the finished size', async () => {
      // One row of the normaliser for each bin forces the finished size; equal rows must not change a number.
      const { normaliser } = tinyNetwork;
      const perBin = networkConfig({
        ...tinyNetwork,
        normaliser: normaliser && { scale: equalRows(normaliser.scale), offset: equalRows(normaliser.offset) },
      });
      // Rounding, amplified by ten steps of Adam.
      expectClose(await allLosses(perBin), await allLosses(tinyNetwork), { relative: 1e-4, label: 'losses' });
    });

    test("trains in the paper's variants as well", async () => {
      const network = networkConfig({
        ...tinyNetwork,
        criticWidths: 'block',
        filters: [4, 4, 3, 2],
        fromRgbActivation: 'linear',
        inputPixelNorm: false,
        pixelNormEpsilon: 0,
        stddevGradient: 'exact',
      });
      const trainer = createTrainer({ network, training: tinyTraining, seed: 1, data: syntheticSource(network) });
      const events = await take(trainer, 10);
      expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'complete' });
      trainer.dispose();
    });

    test('can be aborted between steps and goes on later', async () => {
      const trainer = start();
      const controller = new AbortController();
      const seen: string[] = [];
      for await (const event of trainer.run({ signal: controller.signal })) {
        seen.push(event.type);
        if (event.type === 'step' && event.step === 2) controller.abort();
      }
      expect(seen).toEqual(['stage', 'step', 'step', 'end']);
      expect((await take(trainer, 100)).at(-1)).toMatchObject({ reason: 'complete', steps: 10 });
      trainer.dispose();
    });

    test('leaves time for the timer that aborts it', async () => {
      const trainer = start({ ...tinyTraining, schedule: { ...tinyTraining.schedule, totalImages: 1e9 } });
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 0);
      let last: TrainerEvent | undefined;
      for await (const event of trainer.run({ signal: controller.signal, steps: 50 })) last = event;
      expect(last).toMatchObject({ type: 'end', reason: 'aborted' });
      trainer.dispose();
    });

    test('resets its optimisers at every stage, or keeps them if asked', async () => {
      const name =
        'progressive_gan_train_ops/Generator/progressive_gan_generator/progressive_gan_block_1/conv1/conv2d/kernel/Adam_1';
      const [reset, keep] = [await afterOneStage('reset'), await afterOneStage('keep')];
      expect(reset.manifest.optimiserSteps).toEqual({ generator: 0, critic: 0 });
      expect(reset.tensors[name]?.data.every((value) => value === 0)).toBe(true);
      expect(keep.manifest.optimiserSteps).toEqual({ generator: 2, critic: 2 });
      expect(keep.tensors[name]?.data.some((value) => value > 0)).toBe(true);
    });

    test('starts from its seed alone', async () => {
      expect(await firstLoss(1)).toBe(await firstLoss(1));
      expect(await firstLoss(1)).not.toBe(await firstLoss(2));
    });

    test('leaves the penalty out in the steps it is told to, and weighs it up in the others', async () => {
      const trainer = start({ ...tinyTraining, penaltyEvery: 2 });
      const steps = (await take(trainer, 4)).filter((event): event is StepEvent => event.type === 'step');
      expect(steps.map(({ losses }) => losses.penalty > 0)).toEqual([true, false, true, false]);
      trainer.dispose();
    });

    test('one step at a time', async () => {
      const trainer = start();
      const running = trainer.step();
      await expect(trainer.step()).rejects.toThrow(/no other step or snapshot in progress/);
      await running;
      trainer.dispose();
    });

    test('refuses images and labels that do not fit', async () => {
      const other = networkConfig({ ...tinyNetwork, channels: 1, normaliser: null });
      const wrongImages = createTrainer({ network: tinyNetwork, training: tinyTraining, seed: 1, data: syntheticSource(other) });
      await expect(wrongImages.step()).rejects.toThrow(
        /image source: expected 4 images \[4, height, width, 2\].*found \[4,4,8,1\]/,
      );
      const source = syntheticSource(tinyNetwork);
      const midi = {
        ...source,
        next: async (n: number) => ({ ...(await source.next(n, { size: [1, 2] })), labels: new Int32Array(n).fill(60) }),
      };
      const wrongLabels = createTrainer({ network: tinyNetwork, training: tinyTraining, seed: 1, data: midi });
      await expect(wrongLabels.step()).rejects.toThrow(/found 60. Give the class index/);
      wrongImages.dispose();
      wrongLabels.dispose();
    });

    test('refuses states that are none, too new, or incomplete', async () => {
      const trainer = start();
      const state = await trainer.snapshot();
      trainer.dispose();
      const data = syntheticSource(tinyNetwork);
      const changed = (manifest: object): TrainingState => ({ ...state, manifest: { ...state.manifest, ...manifest } });
      await expect(resumeTrainer(changed({ format: 'x' }), { data })).rejects.toThrow(StateError);
      await expect(resumeTrainer(changed({ version: 2 }), { data })).rejects.toThrow(/expected version 1, found 2/);
      const { [Object.keys(state.tensors)[0] as string]: _gone, ...tensors } = state.tensors;
      const before = tf.memory().numTensors;
      await expect(resumeTrainer({ ...state, tensors }, { data })).rejects.toThrow(/found nothing/);
      expect(tf.memory().numTensors).toBe(before);
    });

    test('refuses settings that cannot be right', () => {
      for (const [training, field] of [
        [{ schedule: { stableImages: 0 } }, 'schedule.stableImages'],
        [{ schedule: { batchSizes: [] } }, 'schedule.batchSizes'],
        [{ generatorLearningRate: Number.NaN }, 'generatorLearningRate'],
        [{ averageDecay: 1 }, 'averageDecay'],
        [{ pitchCounts: [1, 2] }, 'pitchCounts'],
        [{ losses: { penaltyTarget: 0 } }, 'losses.penaltyTarget'],
      ] as [TrainingOptions, string][]) {
        const attempt = (): Trainer => start({ ...tinyTraining, ...training });
        expect(attempt, field).toThrow(ConfigError);
        expect(attempt, field).toThrow(field);
      }
    });
  },
  ['cpu'],
);
