import { isAbort } from '@gansynth/common/breathe';
import { categoryOf, messageOf } from '@gansynth/common/errors';
import { join } from 'node:path';
import type { Context } from '../app/command.js';
import { BusyError } from '../app/errors.js';
import type { Choice } from '../backend/choose.js';
import { recipeId } from '../recipes/canonical.js';
import type { Recipe } from '../recipes/recipe.js';
import { runState, type RunState } from '../runs/run-state.js';
import { openRun } from '../runs/run.js';
import { trainRun, type TrainOptions } from './train-run.js';

export interface TrainWhatIsLeftOptions extends TrainOptions {
  /** Folder of all runs. */
  readonly runs: string;
  /** Said before the training, where there is one. */
  readonly note?: string;
}

/** What became of a run that was given to train among others. */
export interface WhatBecame extends Omit<RunState, 'state' | 'savedAt'> {
  readonly state: RunState['state'] | 'busy';
}

/**
 * Trains one of many runs as `gansynth train` would. One that is finished, or has diverged, is left as it is; one that another process trains is
 * passed over; that it diverges is an answer. Anything else that goes wrong is thrown.
 *
 * @param start starts the backend; not called where nothing is left to train
 */
export async function trainWhatIsLeft(
  recipe: Recipe,
  start: () => Promise<Choice>,
  context: Context,
  { runs, note, ...options }: TrainWhatIsLeftOptions,
): Promise<WhatBecame> {
  const now = (): WhatBecame => {
    const { savedAt: _savedAt, ...state } = runState(join(runs, recipeId(recipe)), recipe);
    return state;
  };
  const before = now();
  if (before.state === 'finished' || before.state === 'diverged') return before;
  const backend = await start();
  try {
    const opened = await openRun(runs, recipe);
    try {
      if (note !== undefined) context.note(note);
      await trainRun(opened, backend, context, options);
    } finally {
      opened.lock.release();
    }
    return now();
  } catch (error) {
    if (isAbort(error, context.signal)) throw error;
    const busy = BusyError.isInstance(error);
    if (!busy && categoryOf(error) !== 'diverged') throw error;
    context.note(messageOf(error));
    return { ...now(), state: busy ? 'busy' : 'diverged', why: messageOf(error) };
  }
}
