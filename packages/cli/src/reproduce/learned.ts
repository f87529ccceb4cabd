import type { TrainingTask } from '@gansynth/training';
import type * as tf from '@tensorflow/tfjs-core';
import { breathe } from '@gansynth/common/breathe';
import type { Context } from '../app/command.js';
import { NothingLearnedError } from '../app/errors.js';
import { familyOf } from '../families/index.js';
import { openNotes } from '../pipeline/open-notes.js';
import { pitchesOf } from '../recipes/pitches.js';
import type { Run } from '../runs/run.js';

/** Of each part of a training that has weights, the share of its weights that are no longer what they began as. */
export type LearnedShares = Readonly<Record<string, number>>;

const ofOptimiser = /\/Adam(_\d+)?$/;

/**
 * Compares a finished training's weights with those that it began with. Networks that grow are compared as far as they were there at the
 * beginning.
 *
 * @param after tensors of the finished training's state
 * @throws NothingLearnedError where a network has learned nothing at all
 */
export async function learnedShares(
  run: Run,
  after: Readonly<Record<string, tf.Tensor>>,
  data: string,
  context: Context,
): Promise<LearnedShares> {
  const notes = await openNotes(run.recipe.data, data, context);
  try {
    const open = await familyOf(run.recipe).prepare(run.recipe, {
      notes: notes.train,
      heldOut: notes.evaluation,
      pitchCounts: pitchesOf(run.recipe).map(() => 1),
      normaliserFile: run.paths.normaliser,
      context,
    });
    const fresh = await open(undefined);
    try {
      const shares = await changedShares(fresh.task, after, context.signal);
      const idle = Object.entries(shares).filter(([, share]) => share === 0);
      if (idle.length === 0 && Object.keys(shares).length > 0) return shares;
      throw new NothingLearnedError(
        `${run.id}: expected weights that training has changed, found ${idle.map(([network]) => network).join(' and ') || 'none'} as at the ` +
          'beginning: nothing was learned.',
        shares,
      );
    } finally {
      await fresh.close();
    }
  } finally {
    await notes.all.close();
  }
}

async function changedShares(
  task: TrainingTask,
  after: Readonly<Record<string, tf.Tensor>>,
  signal: AbortSignal,
): Promise<LearnedShares> {
  const shares: Record<string, number> = {};
  task.prepare?.();
  for (const [name, part] of Object.entries(task.parts)) {
    let [changed, all] = [0, 0];
    for (const [tensor, before] of Object.entries(part.tensors())) {
      const later = after[tensor];
      if (later === undefined || ofOptimiser.test(tensor)) continue;
      await breathe(signal);
      const [old, now] = [await before.data(), await later.data()];
      changed += old.filter((value, i) => value !== now[i]).length;
      all += old.length;
    }
    if (all > 0) shares[name] = changed / all;
  }
  return shares;
}
