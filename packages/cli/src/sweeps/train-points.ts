import { join } from 'node:path';
import type { Context } from '../app/command.js';
import type { Choice } from '../backend/choose.js';
import { runState } from '../runs/run-state.js';
import type { TrainOptions } from '../training/train-run.js';
import { trainWhatIsLeft, type WhatBecame } from '../training/train-what-is-left.js';
import type { Point } from './plan.js';

export interface TrainPointsOptions extends TrainOptions {
  /** Folder of all runs. */
  readonly runs: string;
}

/** What became of a point. */
export interface TrainedPoint extends Pick<Point, 'index' | 'run'>, WhatBecame {}

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
  let backend: Promise<Choice> | undefined;
  const startOnce = (): Promise<Choice> => (backend ??= start());
  const result: TrainedPoint[] = [];
  for (const { index, run, recipe } of points) {
    const { savedAt: _savedAt, ...before } = runState(join(runs, run), recipe);
    if (before.state === 'diverged') context.note(`point ${index}: ${run} diverged before; remove its folder to train it anew`);
    if (context.signal.aborted || secondsLeft() <= 0) {
      result.push({ index, run, ...before });
      continue;
    }
    const note = `point ${index}: ${run}`;
    const became = await trainWhatIsLeft(recipe, startOnce, context, { ...options, runs, note, limitSeconds: secondsLeft() });
    result.push({ index, run, ...became });
  }
  return result;
}
