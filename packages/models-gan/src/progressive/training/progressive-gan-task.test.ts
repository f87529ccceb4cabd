import '@gansynth/training/wasm';
import { describeOnBackends, expectClose } from '@gansynth/test-kit';
import {
  runTraining,
  snapshotOf,
  trainStep,
  type LoopEvent,
  type PhaseEvent,
  type StepEvent,
  type TrainingState,
} from '@gansynth/training';
import { tamperedSource, taskChecks, type TaskSubject } from '@gansynth/training/test';
import { expect, test } from 'vitest';
import { networkConfig, type Affine, type NetworkConfig } from '../config.js';
import { ConfigError } from '../../errors.js';
import { lossesAtSteps, lossesOnCpu } from '../../test-support/first-losses.js';
import { imageFaults } from '../../test-support/image-faults.js';
import { growing, growingTraining, planes } from '../../test-support/saved-trainings.js';
import { syntheticSource, tinyNetwork, tinyTraining } from '../../test-support/synthetic.js';
import { ProgressiveGanTask, type ProgressiveGanTaskOptions, type ProgressivePhase } from './progressive-gan-task.js';
import { resumeProgressiveGanTask } from './resume-progressive-gan.js';
import type { StepLosses } from '../../gan/step-losses.js';
import type { TrainingOptions } from './training-config.js';

type Event = LoopEvent<StepLosses, ProgressivePhase>;

const start = (training: TrainingOptions = tinyTraining, seed = 1): ProgressiveGanTask =>
  new ProgressiveGanTask({ network: tinyNetwork, training, seed, data: syntheticSource(tinyNetwork) });

async function take(task: ProgressiveGanTask, steps: number): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of runTraining(task, { steps })) events.push(event);
  return events;
}

/** Where its random streams stand. */
const streamsOf = async (task: ProgressiveGanTask): Promise<unknown> => (await snapshotOf(task)).manifest.parts['streams'];

const isStep = (event: Event): event is StepEvent<StepLosses, ProgressivePhase> => event.type === 'step';
const isPhase = (event: Event): event is PhaseEvent<ProgressivePhase> => event.type === 'phase';

const subject = (network: NetworkConfig, options: Pick<ProgressiveGanTaskOptions, 'training' | 'conditioning'>): TaskSubject => ({
  create: (tamper) =>
    new ProgressiveGanTask({ ...options, network, seed: 1, data: tamperedSource(syntheticSource(network), tamper, imageFaults) }),
  resume: (state) => resumeProgressiveGanTask(state, { data: syntheticSource(network, { seed: 99 }) }),
  createDiverging: () => {
    const training = { ...options.training, criticLearningRate: 1e20 };
    return new ProgressiveGanTask({ ...options, network, training, seed: 1, data: syntheticSource(network) });
  },
  refusals: {
    'a value that is not a number': /expected finite values in all images, found NaN/,
    'an infinite value': /expected finite values in all images, found (Infinity|NaN)/,
    'images larger than the finished size': /a whole multiple of it up to the finished 4 x 8, found 8 x 16/,
    'images wider than the finished size': /found 4 x 16\. Encode the notes to the network's image size/,
    'images that are no multiple of the size': /found 4 x 7/,
    'one channel more': /image source: expected 4 images \[4, height, width, 2\].*found \[4,4,8,3\]/,
    'one image less': /found \[3,4,8,2\] and 4 labels/,
    'MIDI pitches for class indices': /found 60\. Give the class index/,
    'one label less': /and 3 labels/,
  },
  // In a stable stage, in the middle of a transition, at the border of two stages, in the middle of a later transition.
  stops: [1, 3, 4, 7],
});

describeOnBackends('the training of a progressive GAN', () => {
  for (const { name, run } of taskChecks(subject(tinyNetwork, { training: tinyTraining }))) test(name, run);

  test('walks through its stages, growing and blending', async () => {
    const task = start();
    const events = await take(task, 100);
    expect(events.filter(isPhase).map(({ phase }) => [phase.index, phase.blocks, ...phase.size])).toEqual([
      [0, 1, 1, 2],
      [1, 2, 2, 4],
      [2, 2, 2, 4],
      [3, 3, 4, 8],
      [4, 3, 4, 8],
    ]);
    const steps = events.filter(isStep);
    expect(steps.map(({ phase }) => phase.progress)).toEqual([0, 0, 0, 0.5, 1, 1, 1, 1.5, 2, 2]);
    expect(steps.every(({ losses }) => Object.values(losses).every(Number.isFinite))).toBe(true);
    expect(events.at(-1)).toEqual({ type: 'end', reason: 'complete', done: 40, steps: 10 });
    task.dispose();
  });

  test('has the same losses on every backend', async () => {
    for (const [index, losses] of (await lossesAtSteps()).entries()) {
      expectClose(losses, lossesOnCpu[index]!, { relative: 1e-5, label: 'losses' });
    }
  });

  test('a loss beyond the limit is divergence as well', async () => {
    const task = start({ ...tinyTraining, divergenceLimit: 1e-3 });
    await expect(trainStep(task)).rejects.toThrow(/expected a finite .* within \+-0.001, found .* after 0 images/);
    task.dispose();
  });

  test('micro-batches draw the same random numbers as one batch', async () => {
    const whole = start();
    const split = start({ ...tinyTraining, microBatchSize: 3 });
    await take(whole, 2);
    await take(split, 2);
    expect(await streamsOf(split)).toEqual(await streamsOf(whole));
    whole.dispose();
    split.dispose();
  });
});

const equalRows = (table: Affine['scale']): Affine['scale'] => Array.from({ length: 8 }, () => table[0]!);

/** Every loss of a whole tiny training. */
async function allLosses(network: NetworkConfig): Promise<number[]> {
  const task = new ProgressiveGanTask({ network, training: tinyTraining, seed: 1, data: syntheticSource(network) });
  const events = await take(task, 10);
  task.dispose();
  return events.flatMap((event) => (event.type === 'step' ? Object.values(event.losses) : []));
}

async function afterOneStage(optimiserAtStage: 'reset' | 'keep'): Promise<TrainingState> {
  const task = start({ ...tinyTraining, optimiserAtStage });
  await take(task, 2);
  const state = await snapshotOf(task);
  task.dispose();
  return state;
}

async function firstLoss(seed: number): Promise<number> {
  const task = start(tinyTraining, seed);
  const { losses } = await trainStep(task);
  task.dispose();
  return losses.critic;
}

describeOnBackends(
  'the training of a progressive GAN with instruments and conditioning planes, in micro-batches',
  () => {
    const checks = taskChecks(subject(growing, { training: growingTraining, conditioning: planes }));
    for (const { name, run } of checks.filter(({ name }) => /bit for bit|two processes|all of it is done|frees/.test(name)))
      test(name, run);

    const single = { training: { ...growingTraining, microBatchSize: 1 }, conditioning: planes };
    const shared = taskChecks({ ...subject(growing, single), processes: [1, 2, 4] });
    for (const { name, run } of shared.filter(({ name }) => /same run on/.test(name))) test(name, run);

    test('freezes the planes, which have neither average nor moments', async () => {
      const task = new ProgressiveGanTask({
        network: growing,
        training: growingTraining,
        seed: 1,
        data: syntheticSource(growing),
        conditioning: planes,
      });
      await take(task, 3);
      const { tensors } = await snapshotOf(task);
      const name = 'Generator/progressive_gan_generator/conditioning/planes';
      expect(tensors[name]?.data).toEqual(planes.data);
      expect(Object.keys(tensors).filter((one) => one.includes('conditioning/planes'))).toHaveLength(2);
      task.dispose();
    });
  },
  ['cpu'],
);

describeOnBackends(
  'a training (any backend)',
  () => {
    test('cannot begin without the planes its network asks for', async () => {
      const task = new ProgressiveGanTask({ network: growing, training: tinyTraining, seed: 1, data: syntheticSource(growing) });
      await expect(trainStep(task)).rejects.toThrow(/conditioning: expected a table of shape \[3,8,2\] .* found none/);
      task.dispose();
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
      const task = new ProgressiveGanTask({ network, training: tinyTraining, seed: 1, data: syntheticSource(network) });
      const events = await take(task, 10);
      expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'complete' });
      task.dispose();
    });

    test('resets its optimisers at every stage, or keeps them if asked', async () => {
      const name =
        'progressive_gan_train_ops/Generator/progressive_gan_generator/progressive_gan_block_1/conv1/conv2d/kernel/Adam_1';
      const [reset, keep] = [await afterOneStage('reset'), await afterOneStage('keep')];
      expect(reset.manifest.parts).toMatchObject({ generator: { optimiserSteps: 0 }, critic: { optimiserSteps: 0 } });
      expect(reset.tensors[name]?.data.every((value) => value === 0)).toBe(true);
      expect(keep.manifest.parts).toMatchObject({ generator: { optimiserSteps: 2 }, critic: { optimiserSteps: 2 } });
      expect(keep.tensors[name]?.data.some((value) => value > 0)).toBe(true);
    });

    test('starts from its seed alone', async () => {
      expect(await firstLoss(1)).toBe(await firstLoss(1));
      expect(await firstLoss(1)).not.toBe(await firstLoss(2));
    });

    test('leaves the penalty out in the steps it is told to, and weighs it up in the others', async () => {
      const task = start({ ...tinyTraining, penaltyEvery: 2 });
      const steps = (await take(task, 4)).filter(isStep);
      expect(steps.map(({ losses }) => losses.penalty > 0)).toEqual([true, false, true, false]);
      task.dispose();
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
        const attempt = (): ProgressiveGanTask => start({ ...tinyTraining, ...training });
        expect(attempt, field).toThrow(ConfigError);
        expect(attempt, field).toThrow(field);
      }
    });
  },
  ['cpu'],
);
