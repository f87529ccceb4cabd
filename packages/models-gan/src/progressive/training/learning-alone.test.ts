import '@gansynth/training/wasm';
import { describeOnBackends } from '@gansynth/test-kit';
import { trainStep } from '@gansynth/training';
import { describe, expect, test } from 'vitest';
import { networkConfig } from '../config.js';
import { syntheticSource, tinyNetwork } from '../../test-support/synthetic.js';
import { ProgressiveGanTask } from './progressive-gan-task.js';
import { annealing, trainingConfig, type TrainingOptions } from './training-config.js';

const network = networkConfig({ ...tinyNetwork, blocks: 1, pitches: [60], start: [1, 2], filters: [8, 8] });
const training: TrainingOptions = {
  schedule: { progressive: false, totalImages: 800, batchSizes: [8] },
  generatorLearningRate: 2e-2,
  criticLearningRate: 1e-3,
  losses: { l1Weight: 100, generatorPitchWeight: 0 },
};
const taskOf = (options: TrainingOptions): ProgressiveGanTask =>
  new ProgressiveGanTask({ network, training: { ...training, ...options }, seed: 1, data: syntheticSource(network) });

const config = (options: TrainingOptions) => () => trainingConfig(network, { ...training, ...options });

/** All values of the critic, or of the generator. */
const valuesOf = (task: ProgressiveGanTask, which: 'critic' | 'generator'): number[] =>
  Object.values(which === 'critic' ? task.criticWeights() : task.generatorWeights('current')).flatMap((weight) => [
    ...weight.dataSync(),
  ]);

describeOnBackends('before the critic comes in', () => {
  test('the generator learns alone, by the L1 term', async () => {
    const task = taskOf({ adversarialAfter: 400 });
    const critic = valuesOf(task, 'critic');
    const { losses: first } = await trainStep(task);
    for (let i = 0; i < 48; i++) await trainStep(task);
    const { losses, gradientNorms } = await trainStep(task);
    // The noise of the images alone has a mean size of 0.11.
    expect(first.generatorL1).toBeGreaterThan(0.4);
    expect(losses.generatorL1).toBeLessThan(0.3);
    expect(losses).toMatchObject({ generatorWasserstein: 0, generatorPitch: 0, critic: 0, penalty: 0, drift: 0 });
    expect(losses.generator).toBeCloseTo(100 * losses.generatorL1!, 4);
    expect(gradientNorms['critic']).toBe(0);
    expect(valuesOf(task, 'critic')).toEqual(critic);

    expect(task.progress.done).toBe(400);
    const { losses: judged } = await trainStep(task);
    expect(judged.penalty).toBeGreaterThan(0);
    expect(valuesOf(task, 'critic')).not.toEqual(critic);
    task.dispose();
  });

  test('its average follows', async () => {
    const task = taskOf({ adversarialAfter: 400, averageDecay: 0 });
    await trainStep(task);
    expect(Object.values(task.generatorWeights('average')).flatMap((weight) => [...weight.dataSync()])).toEqual(
      valuesOf(task, 'generator'),
    );
    task.dispose();
  });
});

describeOnBackends('learning rates that fall', () => {
  test('begin as they were and reach nothing at the end', async () => {
    const [falling, constant] = [taskOf({ annealAfter: 0, schedule: { ...training.schedule, totalImages: 32 } }), taskOf({})];
    for (const task of [falling, constant]) await trainStep(task);
    for (const which of ['generator', 'critic'] as const) expect(valuesOf(falling, which)).toEqual(valuesOf(constant, which));
    const moves: number[] = [];
    for (let i = 0; i < 3; i++) {
      const before = valuesOf(falling, 'critic');
      await trainStep(falling);
      moves.push(Math.hypot(...valuesOf(falling, 'critic').map((value, at) => value - before[at]!)));
    }
    // The last step's rate is (1 + cos(3/4 pi)) / 2 = 0.146 of the first one's.
    expect(moves[2]! / moves[0]!).toBeLessThan(0.4);
    expect(moves[2]).toBeGreaterThan(0);
    for (const task of [falling, constant]) task.dispose();
  });
});

describe('the settings of that', () => {
  test('are half a cosine', () => {
    const { schedule } = trainingConfig(network, training);
    const at = (images: number, annealAfter: number | null = 400): number => annealing(images, { annealAfter, schedule });
    expect([0, 400, 600, 800, 900].map((images) => at(images))).toEqual([1, 1, expect.closeTo(0.5, 12), 0, 0]);
    expect(at(500)).toBeCloseTo((1 + Math.SQRT1_2) / 2, 12);
    expect(at(700, null)).toBe(1);
  });

  test('are refused beyond the end of the training, or without an L1 term', () => {
    for (const wrong of [800, -1, 0.5, Number.NaN]) {
      expect(config({ annealAfter: wrong })).toThrow(
        /annealAfter: expected a whole number of images below totalImages, 800, or null/,
      );
    }
    expect(config({ adversarialAfter: 800 })().adversarialAfter).toBe(800);
    for (const wrong of [801, -1, 0.5, Number.NaN]) {
      expect(config({ adversarialAfter: wrong })).toThrow(
        /adversarialAfter: expected a whole number of images up to totalImages, 800/,
      );
    }
    for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(config({ instrumentLead: wrong })).toThrow(/instrumentLead: expected a finite number of 0 or more/);
    }
    expect(config({ instrumentLead: 0.5 })).toThrow(/instrumentLead: expected 0 for a network without instruments, found 0\.5/);
    expect(config({ adversarialAfter: 8, losses: {} })).toThrow(/expected 0 without an L1 term/);
  });
});
