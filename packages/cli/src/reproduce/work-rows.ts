import { categoryOf, messageOf } from '@gansynth/common/errors';
import { isAbort } from '@gansynth/common/breathe';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../app/command.js';
import type { Choice } from '../backend/choose.js';
import { openModel } from '../pipeline/open-model.js';
import { modelNotes, type Scoring } from '../pipeline/scoring.js';
import { canonicalJson, recipeHash } from '../recipes/canonical.js';
import { loadRecipe } from '../recipes/library.js';
import { parseRecipe } from '../recipes/parse.js';
import type { Recipe } from '../recipes/recipe.js';
import { readJsonOf } from '../runs/read-json-of.js';
import { openRun } from '../runs/run.js';
import { writeJson } from '../runs/write-json.js';
import { trainRun } from '../training/train-run.js';
import type { Folders } from './folders.js';
import { learnedShares } from './learned.js';
import { isRowResult, isTrainedRow, type FailedRow, type RowConditions, type RowResult, type TrainedRow } from './row-result.js';
import type { Row } from './rows.js';
import { keepModelSounds } from './sounds.js';

/** One training of the comparison. */
export interface Job {
  readonly row: Row;
  readonly seed: number;
  readonly recipe: Recipe;
}

/**
 * Rows times seeds, all rows of the first seed first.
 *
 * @param recipes folder of the rows' recipes, a shipped one or a user's
 */
export const jobsOf = (recipes: string, rows: readonly Row[], seeds: readonly number[]): Job[] =>
  seeds.flatMap((seed) =>
    rows.map((row) => ({ row, seed, recipe: parseRecipe({ ...loadRecipe(`${recipes}/${row.id}`), seed }) })),
  );

/** What is known of a job's training, if it is finished. */
export function trainedJob({ row, seed, recipe }: Job, at: Folders): TrainedRow | undefined {
  const file = at.trained(row.id, seed);
  if (!existsSync(file)) return undefined;
  const kept = readJsonOf(file, isTrainedRow);
  return kept.recipeHash === recipeHash(recipe) ? kept : undefined;
}

/** Trains a job's run to its end; goes on where it stopped. A training that diverges or teaches nothing is kept as that. */
export async function trainJob(job: Job, at: Folders, data: string, backend: Choice, context: Context): Promise<void> {
  const { row, seed, recipe } = job;
  if (trainedJob(job, at)) return context.note('trained before');
  const opened = await openRun(at.runs, recipe);
  try {
    const { run, done, unit, seconds, finished } = await trainRun(opened, backend, context, { data });
    if (!finished) return;
    const learned = await learnedShares(opened, data, context);
    const trained: TrainedRow = { seed, recipe: recipe.name, recipeHash: recipeHash(recipe), run, done, unit, seconds, learned };
    await writeJson(at.trained(row.id, seed), trained);
  } catch (error) {
    // A training that diverged or taught nothing is what was found out about its row; anything else ends the whole.
    if (isAbort(error, context.signal) || categoryOf(error) !== 'diverged') throw error;
    const failed: FailedRow = {
      kind: 'gansynth-reproduction-failure',
      format: 1,
      row: row.id,
      title: row.title,
      seed,
      why: messageOf(error),
    };
    await writeJson(at.result(row.id, seed), failed);
    context.note(`${row.title}, seed ${seed}: ${failed.why}`);
  } finally {
    opened.lock.release();
  }
}

/** Scores the notes of a trained row and keeps some of them; what was scored under the same conditions is taken as it is. */
export async function scoreJob(
  { row }: Job,
  training: TrainedRow,
  scoring: Scoring,
  resamples: number,
  at: Folders,
  { signal, note }: Context,
): Promise<RowResult> {
  const conditions = conditionsOf(scoring, training.recipeHash, resamples);
  const file = at.result(row.id, training.seed);
  const kept = keptResult(file, conditions);
  if (kept) return kept;
  const voice = await openModel(join(at.runs, training.run), at.runs);
  try {
    const began = performance.now();
    const notes: { audio: Float32Array; pitch: number }[] = [];
    for await (const { audio, pitch } of modelNotes(voice, scoring.pitches, training.seed, signal))
      notes.push({ audio: audio as Float32Array, pitch });
    const secondsPerNote = (performance.now() - began) / 1000 / notes.length;
    const scores = await scoring.score(`${row.title}, seed ${training.seed}`, notes);
    await keepModelSounds(voice, training.seed, at.samples(row.id), signal);
    const result: RowResult = {
      kind: 'gansynth-reproduction-row',
      format: 1,
      row: row.id,
      title: row.title,
      training,
      conditions,
      scores,
      secondsPerNote,
    };
    await writeJson(file, result);
    note(`${row.title}, seed ${training.seed}: scored`);
    return result;
  } finally {
    voice.dispose();
  }
}

/** Scores real notes that no model was compared with. */
export async function scoreRealNotes(scoring: Scoring, resamples: number, at: Folders): Promise<RowResult | undefined> {
  if (scoring.otherRealNotes === null) return undefined;
  const conditions = conditionsOf(scoring, null, resamples);
  const file = at.result('real-data', null);
  const kept = keptResult(file, conditions);
  if (kept) return kept;
  const scores = await scoring.score('other real notes', scoring.otherRealNotes);
  const result: RowResult = {
    kind: 'gansynth-reproduction-row',
    format: 1,
    row: 'real-data',
    title: 'real data',
    training: null,
    conditions,
    scores,
    secondsPerNote: null,
  };
  await writeJson(file, result);
  return result;
}

const conditionsOf = (scoring: Scoring, hash: string | null, resamples: number): RowConditions => ({
  recipeHash: hash,
  classifier: scoring.classifierHash,
  notes: scoring.notes.fingerprint,
  notesScored: scoring.pitches.length,
  resamples,
});

function keptResult(file: string, conditions: RowConditions): RowResult | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const kept = readJsonOf(file, isRowResult);
    return canonicalJson(kept.conditions) === canonicalJson(conditions) ? kept : undefined;
  } catch {
    // A failure of an earlier time, or a damaged file: scored anew.
    return undefined;
  }
}
