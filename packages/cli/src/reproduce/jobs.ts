import { categoryOf, messageOf } from '@gansynth/common/errors';
import * as tf from '@tensorflow/tfjs-core';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../app/command.js';
import { InputError, NothingLearnedError } from '../app/errors.js';
import type { Choice } from '../backend/choose.js';
import { isDataSummary, type DataSummary } from '../pipeline/open-notes.js';
import { recipeHash, recipeId } from '../recipes/canonical.js';
import { loadRecipe } from '../recipes/library.js';
import { parseRecipe } from '../recipes/parse.js';
import type { Recipe } from '../recipes/recipe.js';
import { readSessions } from '../runs/environment.js';
import { readJsonOf } from '../runs/read-json-of.js';
import { findRun } from '../runs/run.js';
import { runState } from '../runs/run-state.js';
import { trainingStates } from '../runs/training-states.js';
import { writeJson } from '../runs/write-json.js';
import { trainWhatIsLeft } from '../training/train-what-is-left.js';
import type { Folders } from './folders.js';
import { learnedShares } from './learned.js';
import { isOutcome, type FinishedTraining, type TaughtNothing, type TrainedRow } from './row-result.js';
import { autoencoder, chooseRows, type Row } from './rows.js';

/** One training of the comparison. */
export interface Job {
  readonly row: Row;
  readonly seed: number;
  readonly recipe: Recipe;
}

/**
 * Rows times seeds, all rows of the first seed first. The autoencoder is trained once, with seed 0.
 *
 * @param recipes folder of the rows' recipes, a shipped one or a user's
 */
export const jobsOf = (recipes: string, rows: readonly Row[], seeds: readonly number[]): Job[] =>
  seeds.flatMap((seed) =>
    rows
      .filter((row) => row !== autoencoder || seed === 0)
      .map((row) => ({ row, seed, recipe: parseRecipe({ ...loadRecipe(`${recipes}/${row.id}`), seed }) })),
  );

/**
 * What belongs to the same comparison: the jobs that are asked for, the other rows of their seeds, as far as they have recipes there, and what
 * was trained in the folder with other seeds; in the order of the table.
 */
export function allJobs(recipes: string, jobs: readonly Job[], at: Folders): Job[] {
  const asked = new Map(jobs.map((job) => [keyOf(job.row, job.seed), job]));
  const askedSeeds = new Set(jobs.map(({ seed }) => seed));
  const seeds = [...new Set([...askedSeeds, ...trainedSeeds(at)])].sort((a, b) => a - b);
  return seeds.flatMap((seed) =>
    chooseRows([]).flatMap((row) => {
      const job = asked.get(keyOf(row, seed));
      if (job !== undefined || (row === autoencoder && seed !== 0)) return job ?? [];
      try {
        const others = jobsOf(recipes, [row], [seed]);
        return askedSeeds.has(seed) ? others : others.filter((other) => jobState(other, at).state !== 'open');
      } catch (error) {
        // A user's folder has recipes for the rows that were asked for.
        if (categoryOf(error) === undefined) throw error;
        return [];
      }
    }),
  );
}

const keyOf = ({ id }: Row, seed: number): string => `${id}-seed-${seed}`;

const trainedSeeds = (at: Folders): number[] =>
  existsSync(at.trainings)
    ? readdirSync(at.trainings).flatMap((name) => {
        const seed = /-seed-(\d+)\.json$/.exec(name)?.[1];
        return seed === undefined ? [] : [Number(seed)];
      })
    : [];

/**
 * Refuses to take up trainings that were begun with other notes.
 *
 * @param fingerprint of the training notes of this comparison
 * @throws InputError
 */
export function checkNotes(jobs: readonly Job[], at: Folders, fingerprint: string): void {
  for (const job of jobs) {
    const { file, kept } = notesOf(job, at);
    if (kept === undefined || kept.fingerprint === fingerprint) continue;
    throw new InputError(
      `${file}: expected the training notes of this comparison (${fingerprint}), found ${kept.training} others (${kept.fingerprint}): it was begun ` +
        'with another collection. Name that one, or another --to.',
      kept,
    );
  }
}

/** What the run of a job, if there is one, was begun with. */
export function notesOf({ recipe }: Job, at: Folders): { readonly file: string; readonly kept: DataSummary | undefined } {
  const file = join(at.runs, recipeId(recipe), 'data.json');
  return { file, kept: existsSync(file) ? readJsonOf(file, isDataSummary) : undefined };
}

export type JobState =
  | { readonly state: 'trained'; readonly training: TrainedRow }
  /** Its training is over, and there is nothing to be scored. */
  | { readonly state: 'failed'; readonly why: string }
  | { readonly state: 'open'; readonly why: string };

/** How far a job has come. */
export function jobState({ row, seed, recipe }: Job, at: Folders): JobState {
  const { state, why, done, total, unit } = runState(join(at.runs, recipeId(recipe)), recipe);
  if (state === 'diverged') return { state: 'failed', why: why ?? 'it diverged' };
  if (state === 'not begun') return { state: 'open', why: 'its training has not begun' };
  if (state === 'unfinished') return { state: 'open', why: `its training is at ${done} of ${total} ${unit}` };
  const file = at.trained(row.id, seed);
  const kept = existsSync(file) ? readJsonOf(file, isOutcome) : undefined;
  if (kept?.recipeHash !== recipeHash(recipe)) return { state: 'open', why: 'what it has learned was not looked at yet' };
  if ('why' in kept) return { state: 'failed', why: kept.why };
  return { state: 'trained', training: { ...kept, sessions: readSessions(findRun(join(at.runs, kept.run)).paths.environment) } };
}

/** Trains a job's run to its end, and sees what it has learned; goes on where it stopped. */
export async function trainJob(job: Job, at: Folders, data: string, backend: Choice, context: Context): Promise<void> {
  const { row, seed, recipe } = job;
  if (jobState(job, at).state !== 'open') return context.note('trained before');
  const { state, done, unit } = await trainWhatIsLeft(recipe, () => Promise.resolve(backend), context, { runs: at.runs, data });
  if (state !== 'finished') return;
  const run = findRun(join(at.runs, recipeId(recipe)));
  const about = { seed, recipe: recipe.name, recipeHash: recipeHash(recipe), run: run.id, done, unit };
  const saved = await (await trainingStates(run)).latest();
  try {
    const learned = await learnedShares(run, saved?.state.tensors ?? {}, data, context);
    await writeJson(at.trained(row.id, seed), { ...about, seconds: saved?.seconds ?? 0, learned } satisfies FinishedTraining);
  } catch (error) {
    if (!NothingLearnedError.isInstance(error)) throw error;
    const { recipeHash: hash } = about;
    await writeJson(at.trained(row.id, seed), { recipeHash: hash, why: messageOf(error) } satisfies TaughtNothing);
    context.note(messageOf(error));
  } finally {
    tf.dispose({ ...saved?.state.tensors });
  }
}
