import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import * as tf from '@tensorflow/tfjs-core';
import { ArgumentError } from '../errors.js';
import type { ReduceGradients } from '../parameters/gradient-sum.js';
import { breathe } from '@gansynth/common/breathe';
import { checkDivergence } from './check-divergence.js';
import { StateError } from './errors.js';
import type { StepEvent } from './events.js';
import type { Held } from './stateful.js';
import type { Numbers } from './training-progress.js';
import type { Phase, StepContext, TrainingTask } from './training-task.js';

export interface TrainStepOptions {
  /** Gives the step up at the next micro-batch, or where the data come from. */
  readonly signal?: AbortSignal;
  /** Adds up gradients over processes; see {@link ReduceGradients}. */
  readonly reduceGradients?: ReduceGradients;
}

/** With that of a run, which is made of steps: its options may stand for theirs. */
const trainStepOptionNames: OptionNames<TrainStepOptions & { readonly steps?: number }> = {
  signal: true,
  reduceGradients: true,
  steps: true,
};

/**
 * One step of a training. After an error, an abort among them, the task is as it was before the step, its data source included (unless
 * that cannot go back).
 *
 * @throws DivergenceError if a loss or gradient is out of bounds; ArgumentError if the schedule is done, another step is in progress, or the
 * data do not fit; the signal's reason when aborted
 */
export function trainStep<Losses extends Numbers, ItsPhase extends Phase>(
  task: TrainingTask<Losses, ItsPhase>,
  options: TrainStepOptions = {},
): Promise<StepEvent<Losses, ItsPhase>> {
  checkOptions<TrainStepOptions & { readonly steps?: number }>('trainStep', options, trainStepOptionNames);

  const { progress, total, unit } = task;
  return progress.exclusively('trainStep', async () => {
    if (progress.done >= total) {
      throw new ArgumentError(
        'trainStep',
        `expected ${unit} left in the schedule, found all ${progress.done} seen. Lengthen the schedule to train on.`,
        progress.done,
      );
    }
    return heldStep(task, options);
  });
}

async function heldStep<Losses extends Numbers, ItsPhase extends Phase>(
  task: TrainingTask<Losses, ItsPhase>,
  { signal, reduceGradients }: TrainStepOptions,
): Promise<StepEvent<Losses, ItsPhase>> {
  const began = tf.util.now();
  task.prepare?.();
  const { phase, progress, total, unit } = task;
  const context: StepContext = {
    ...(signal ? { signal } : {}),
    ...(reduceGradients ? { reduceGradients } : {}),
    breathe: () => breathe(signal),
    check: (losses, norms) => checkDivergence(task, losses, norms),
  };
  const held = Object.values(task.parts).map((part) => part.hold());
  try {
    const { examples, losses, measures = {}, gradientNorms } = await task.step(context);
    checkDivergence(task, losses, gradientNorms);
    // The last part first: where it cannot forget (a data source that fails), the others can still be put back.
    for (let last = held.at(-1); last; last = held.at(-1)) {
      last.forget();
      held.pop();
    }
    progress.advance(examples, losses);
    const { numTensors, numBytes } = tf.memory();
    const milliseconds = tf.util.now() - began;
    return {
      type: 'step',
      step: progress.steps,
      done: progress.done,
      total,
      unit,
      examples,
      phase,
      losses,
      measures,
      gradientNorms,
      milliseconds,
      examplesPerSecond: (1000 * examples) / milliseconds,
      memory: { tensors: numTensors, bytes: numBytes },
    };
  } catch (error) {
    await putBack(held, error);
    throw error;
  }
}

async function putBack(held: readonly Held[], reason: unknown): Promise<void> {
  const failed: unknown[] = [];
  for (const part of held) {
    try {
      await part.restore();
    } catch (error) {
      failed.push(error);
    }
  }
  if (failed.length === 0) return;
  throw new StateError(
    `a step failed (${String(reason)}), and what it had changed could not be put back (${failed.map(String).join('; ')}). Go on from the last ` +
      `checkpoint.`,
    failed,
    { cause: reason },
  );
}
