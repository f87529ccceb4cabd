import { breathe, isAbort } from '@gansynth/common/breathe';
import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import type { EndEvent, LoopEvent } from './events.js';
import { trainStep, type TrainStepOptions } from './train-step.js';
import type { Numbers } from './training-progress.js';
import type { Phase, TrainingTask } from './training-task.js';

export interface RunOptions extends TrainStepOptions {
  /** Ends the run after so many steps; default: when the schedule is done. */
  readonly steps?: number;
}

/** Their names, each once. */
export const runOptionNames: OptionNames<RunOptions> = { steps: true, signal: true, reduceGradients: true };

/**
 * Trains, as a stream of events: one at the beginning of every phase (and of the run), one after every step, one at the end. Leaving the
 * loop early (`break`) is fine at any event; between events, the task can be saved.
 *
 * An abort, also one that comes from a timer or a signal of the system, ends the run within one step; a step that was in progress then is
 * undone.
 *
 * @throws DivergenceError, and what else {@link trainStep} throws; the task is then as it was before the failed step
 */
export async function* runTraining<Losses extends Numbers, ItsPhase extends Phase>(
  task: TrainingTask<Losses, ItsPhase>,
  options: RunOptions = {},
): AsyncGenerator<LoopEvent<Losses, ItsPhase>, void, undefined> {
  checkOptions('runTraining', options, runOptionNames);
  const { steps = Number.POSITIVE_INFINITY, ...stepping } = options;
  const { signal } = stepping;
  const { progress } = task;
  const end = (reason: EndEvent['reason']): EndEvent => ({ type: 'end', reason, done: progress.done, steps: progress.steps });
  let announced: number | undefined;
  for (let made = 0; ; made++) {
    try {
      await breathe(signal);
      if (progress.done >= task.total) return yield end('complete');
      if (made >= steps) return yield end('limit');
      const { phase } = task;
      if (announced !== phase.index) {
        announced = phase.index;
        task.prepare?.();
        yield { type: 'phase', done: progress.done, steps: progress.steps, phase };
      }
      yield await trainStep(task, stepping);
    } catch (error) {
      if (isAbort(error, signal)) return yield end('aborted');
      throw error;
    }
  }
}
