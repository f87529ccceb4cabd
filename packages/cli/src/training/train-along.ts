import { runTraining, type TrainingTask } from '@gansynth/training';
import type { TrainingProcesses } from '@gansynth/training/mpi';
import { join } from 'node:path';
import type { Context } from '../app/command.js';
import { recipeId } from '../recipes/canonical.js';
import type { Recipe } from '../recipes/recipe.js';
import { findRun } from '../runs/run.js';
import { openTraining, type SessionOptions } from './open-session.js';
import { steer } from './processes.js';

/** The first process says so when the run's folder is there, and all when they stand at the same point. */
const opened = (processes: TrainingProcesses, recipe: Recipe): Promise<void> => processes.agree('recipe', recipeId(recipe));
const ready = (processes: TrainingProcesses, { progress, unit }: TrainingTask): Promise<void> =>
  processes.agree('checkpoint to go on from (is the folder of runs on a disk that all see?)', `${progress.done} ${unit}`);

/** What the first process does before it trains: lets the others open what it has opened. */
export async function meetFollowers(processes: TrainingProcesses, recipe: Recipe, task: TrainingTask): Promise<void> {
  await opened(processes, recipe);
  await ready(processes, task);
}

/** What processes other than the first do: they train with it, and leave it to save and to speak. */
export async function trainAlong(
  recipe: Recipe,
  processes: TrainingProcesses,
  context: Context,
  { runs, ...options }: SessionOptions & { readonly runs: string },
): Promise<void> {
  await opened(processes, recipe);
  const run = findRun(join(runs, recipeId(recipe)));
  const trainable = await openTraining(run, context, options);
  try {
    const { task } = trainable.training;
    await ready(processes, task);
    for await (const event of runTraining(task, steer(processes, context.signal).options)) if (event.type === 'end') break;
  } finally {
    await trainable.close();
  }
}
