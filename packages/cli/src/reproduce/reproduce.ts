import { replaceFile } from '@gansynth/common/node';
import { existsSync } from 'node:fs';
import type { Context } from '../app/command.js';
import { InputError } from '../app/errors.js';
import type { Choice } from '../backend/choose.js';
import { openScoring, type Scoring } from '../pipeline/scoring.js';
import { canonicalJson } from '../recipes/canonical.js';
import type { Recipe } from '../recipes/recipe.js';
import { describeEnvironment } from '../runs/environment.js';
import { readJsonOf } from '../runs/read-json-of.js';
import { writeJson } from '../runs/write-json.js';
import type { ScoredListening } from '../listening/score-answers.js';
import { drawFigures } from './figures.js';
import { folders, type Folders } from './folders.js';
import type { Ledger } from './ledger.js';
import { paperPage } from './paper-page.js';
import { prepareNotes, type NotesWanted } from './prepare-notes.js';
import { isFailedRow, type FailedRow, type RowResult } from './row-result.js';
import type { Row } from './rows.js';
import type { Scale } from './scales.js';
import { keepRealSounds } from './sounds.js';
import { jobsOf, scoreJob, scoreRealNotes, trainedJob, trainJob, type Job } from './work-rows.js';

/** Parts of the work that a scheduler may give to different jobs, in this order. */
export const stageNames = ['prepare', 'train', 'score'] as const;

export type StageName = (typeof stageNames)[number];

export interface ReproduceOptions extends NotesWanted {
  readonly to: string;
  readonly rows: readonly Row[];
  /** Folder of the rows' recipes; the scale's own if undefined. */
  readonly recipes?: string | undefined;
  readonly seeds: readonly number[];
  /** All of them if undefined. */
  readonly stage?: StageName | undefined;
  readonly count?: number | undefined;
  /** Answers of a listening test of these rows, scored. */
  readonly listening?: ScoredListening | undefined;
}

export interface Reproduction {
  readonly folder: string;
  /** Of stages `prepare` and `train` there is none. */
  readonly ledger: Ledger | null;
  readonly page: string | null;
}

/**
 * The paper's comparison on one collection: every row trained, generated from, and scored against the same real notes by the same classifier.
 * Stopped and given again it goes on; what is done is not done again.
 */
export async function reproduce(
  scale: Scale,
  backend: Choice,
  context: Context,
  { to, rows, recipes, seeds, stage, count, listening, ...wanted }: ReproduceOptions,
): Promise<Reproduction> {
  const at = folders(to);
  const jobs = jobsOf(recipes ?? scale.recipes, rows, seeds);
  const collection = await prepareNotes(scale, at.notes, wanted, context);
  const open = (): Promise<Scoring> => openScoringFor(scale, jobs, collection, count, at, context);
  if (stage === undefined || stage === 'prepare') await (await open()).close();
  if (stage === 'prepare') return { folder: to, ledger: null, page: null };
  if (stage === undefined || stage === 'train') {
    for (const [i, job] of jobs.entries()) {
      context.note(`\n${job.row.title}, seed ${job.seed} (${i + 1} of ${jobs.length})`);
      await trainJob(job, at, collection, backend, context);
      context.signal.throwIfAborted();
    }
  }
  if (stage === 'train') return { folder: to, ledger: null, page: null };
  const scoring = await open();
  try {
    const ledger = await score(scale, jobs, seeds, collection, scoring, at, backend, context);
    await keepRealSounds(scoring, jobs[0]!.recipe.data.sampleRate, at.samples('real-data'));
    await writeJson(at.ledger, ledger);
    const figures = await drawFigures(ledger, listening, at, context);
    await replaceFile(at.page, paperPage(ledger, figures, at, listening?.score));
    return { folder: to, ledger, page: at.page };
  } finally {
    await scoring.close();
  }
}

/** Which notes a recipe means, wherever they lie. */
const notesOf = ({ data: { path: _path, onBadNote: _bad, ...which } }: Recipe): string => canonicalJson(which);

/** Real notes and a classifier: the same for all rows, so all their recipes must mean the same notes. */
async function openScoringFor(
  { classifier, resamples }: Scale,
  jobs: readonly Job[],
  data: string,
  count: number | undefined,
  at: Folders,
  context: Context,
): Promise<Scoring> {
  const [first, ...others] = jobs.map(({ recipe }) => recipe);
  const odd = others.find((recipe) => notesOf(recipe) !== notesOf(first!));
  if (odd) {
    throw new InputError(
      `${odd.name}: expected the notes of ${first!.name}, found ${notesOf(odd)}. Rows are compared on one collection.`,
      odd.data,
    );
  }
  const { samples } = first!.data;
  return openScoring(first!.data, context, {
    data,
    samples,
    count,
    seed: 0,
    resamples,
    classifier: { ...classifier, folder: at.classifiers },
  });
}

async function score(
  { name, resamples }: Scale,
  jobs: readonly Job[],
  seeds: readonly number[],
  collection: string,
  scoring: Scoring,
  at: Folders,
  backend: Choice,
  context: Context,
): Promise<Ledger> {
  const real = await scoreRealNotes(scoring, resamples, at);
  const results: RowResult[] = real ? [real] : [];
  const failed: FailedRow[] = [];
  const notRun: { row: string; seed: number; why: string }[] = [];
  for (const job of jobs) {
    const { row, seed } = job;
    const trained = trainedJob(job, at);
    if (trained === undefined) {
      const known = failureOf(at.result(row.id, seed));
      if (known) failed.push(known);
      else notRun.push({ row: row.id, seed, why: 'its training is not finished' });
      continue;
    }
    results.push(await scoreJob(job, trained, scoring, resamples, at, context));
    context.keeps(`What is scored is in ${at.results}; the same command goes on.`);
  }
  return {
    kind: 'gansynth-reproduction',
    format: 1,
    scale: name,
    seeds,
    notes: { ...scoring.notes, collection },
    classifier: { ...scoring.classifier, hash: scoring.classifierHash },
    environment: describeEnvironment(backend),
    results,
    failed,
    notRun,
  };
}

function failureOf(file: string): FailedRow | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return readJsonOf(file, isFailedRow);
  } catch {
    // Scores of an earlier recipe, say: not what became of this one.
    return undefined;
  }
}
