import { categoryOf, messageOf } from '@gansynth/common/errors';
import { isAbort } from '@gansynth/common/breathe';
import { join } from 'node:path';
import type { Context } from '../app/command.js';
import { BusyError } from '../app/errors.js';
import type { Choice } from '../backend/choose.js';
import { openRun } from '../runs/run.js';
import { runState, type RunState } from '../runs/run-state.js';
import { trainRun, type TrainOptions } from '../training/train-run.js';
import type { Point } from './plan.js';

export interface TrainPointsOptions extends TrainOptions {
  /** Folder of all runs. */
  readonly runs: string;
}

/** What became of a point. */
export interface TrainedPoint extends Pick<Point, 'index' | 'run'> {
  readonly state: RunState['state'] | 'busy';
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  /** Of one that diverged, or that another process trains. */
  readonly why?: string;
}

/**
 * Trains points in order, each as the run that `gansynth train` makes. One that is finished, or has diverged, is left as it is; one that another
 * process trains is passed over.
 *
 * @param start starts the backend; not called where nothing is left to train
 */
export async function trainPoints(
  points: readonly Point[],
  start: () => Promise<Choice>,
  context: Context,
  { runs, limitSeconds = Number.POSITIVE_INFINITY, ...options }: TrainPointsOptions,
): Promise<TrainedPoint[]> {
  const began = performance.now();
  const secondsLeft = (): number => limitSeconds - (performance.now() - began) / 1000;
  let backend: Choice | undefined;
  const result: TrainedPoint[] = [];
  for (const { index, run, recipe } of points) {
    const now = (why?: string, busy = false): void => {
      const { savedAt: _savedAt, ...state } = runState(join(runs, run), recipe);
      result.push({ index, run, ...state, ...(busy ? { state: 'busy' } : {}), ...(why === undefined ? {} : { why }) });
    };
    const { state } = runState(join(runs, run), recipe);
    if (state === 'diverged') context.note(`point ${index}: ${run} diverged before; remove its folder to train it anew`);
    if (state === 'finished' || state === 'diverged' || context.signal.aborted || secondsLeft() <= 0) {
      now();
      continue;
    }
    backend ??= await start();
    try {
      const opened = await openRun(runs, recipe);
      try {
        context.note(`point ${index}: ${run}`);
        await trainRun(opened, backend, context, { ...options, limitSeconds: secondsLeft() });
      } finally {
        opened.lock.release();
      }
      now();
    } catch (error) {
      if (isAbort(error, context.signal)) throw error;
      // That a point diverges is what a sweep finds out about it; anything else ends the whole.
      if (categoryOf(error) !== 'diverged' && !BusyError.isInstance(error)) throw error;
      context.note(messageOf(error));
      now(messageOf(error), BusyError.isInstance(error));
    }
  }
  return result;
}
