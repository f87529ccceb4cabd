import { replaceFile } from '@gansynth/common/node';
import { existsSync } from 'node:fs';
import type { Context } from '../app/command.js';
import { InputError } from '../app/errors.js';
import type { Choice } from '../backend/choose.js';
import { openNotes } from '../pipeline/open-notes.js';
import { openScoring, type Scoring } from '../pipeline/scoring.js';
import { canonicalJson } from '../recipes/canonical.js';
import type { Recipe } from '../recipes/recipe.js';
import { describeEnvironment } from '../runs/environment.js';
import { waitForTurn } from '../runs/lock.js';
import { readJsonOf } from '../runs/read-json-of.js';
import { writeJson } from '../runs/write-json.js';
import { isScoredListening, type ScoredListening } from '../listening/score-answers.js';
import { drawFigures } from './figures.js';
import { folders, type Folders } from './folders.js';
import { rowLatencies } from './latencies.js';
import type { Ledger } from './ledger.js';
import { paperPage } from './paper-page.js';
import { describeNotes, prepareNotes, type NotesWanted } from './prepare-notes.js';
import { checkNotes, type Job, type JobState, jobState, notesOf, trainJob } from './jobs.js';
import type { MissingRow, RowResult, TrainedRow } from './row-result.js';
import { autoencoder, realData, rowNamed, rows } from './rows.js';
import type { Scale, StageName } from './scales.js';
import type { Share } from '../shares/share.js';
import { keepRealSounds } from './sounds.js';
import { scoredBefore, scoreJob, scoreRealNotes } from './score-rows.js';

export interface ReproduceOptions extends NotesWanted {
  readonly to: string;
  /** One at least, as `jobsOf` makes them. */
  readonly jobs: readonly Job[];
  /** All of the comparison, as `allJobs` finds them: what is trained of them is on the page, too. */
  readonly all: readonly Job[];
  /** All of them if undefined. */
  readonly stage?: StageName | undefined;
  /** Of the trainings: in stage `train` every `of`-th job, from the `index`-th. */
  readonly share: Share;
  readonly count?: number | undefined;
  /** Answers of a listening test of these rows, scored. */
  readonly listening?: ScoredListening | undefined;
}

export interface Reproduction {
  readonly folder: string;
  /** Of stages `prepare` and `train` there is none. */
  readonly ledger: Ledger | null;
  readonly page: string | null;
  /** Of stage `train`, and of the ledger: rows whose training failed, or is not over. */
  readonly missing: Pick<Ledger, 'failed' | 'notRun'>;
}

/**
 * The paper's comparison on one collection: every row trained, generated from, and scored against the same real notes by the same classifier.
 * Stopped and given again it goes on; what is done is not done again.
 */
export async function reproduce(
  scale: Scale,
  backend: Choice,
  context: Context,
  { to, jobs, all, stage, share, count, listening, ...wanted }: ReproduceOptions,
): Promise<Reproduction> {
  const at = folders(to);
  const own = jobs.filter((_, i) => i % share.of === share.index);
  if (own.length === 0) context.note(`share ${share.index}/${share.of}: none of the ${jobs.length} trainings are in it`);
  const collection = await prepareOnce(scale, at, wanted, context);
  const fingerprint = await fingerprintOf(jobs, collection, context);
  checkNotes(jobs, at, fingerprint);
  const open = (): Promise<Scoring> => openScoringFor(scale, jobs, collection, count, at, context);
  if (stage === undefined || stage === 'prepare') await (await open()).close();
  if (stage === 'prepare') return { folder: to, ledger: null, page: null, missing: { failed: [], notRun: [] } };
  if (stage === undefined || stage === 'train') {
    for (const [i, job] of own.entries()) {
      context.note(`\n${job.row.title}, seed ${job.seed} (${i + 1} of ${own.length})`);
      await trainJob(job, at, collection, backend, context);
      context.signal.throwIfAborted();
    }
  }
  if (stage === 'train') return { folder: to, ledger: null, page: null, missing: missing(statesOf(own, at)) };
  const scoring = await open();
  try {
    const comparable = all.filter(
      (job) =>
        jobs.includes(job) ||
        (notesMeant(job.recipe) === notesMeant(jobs[0]!.recipe) &&
          (notesOf(job, at).kept ?? { fingerprint }).fingerprint === fingerprint),
    );
    // Once: a training may end meanwhile.
    const states = statesOf(comparable, at);
    const asked = states.filter(({ job }) => jobs.includes(job));
    const heard = await keptListening(listening, at, context);
    const notes = { collection, source: describeNotes(scale, collection, wanted) };
    const elsewhere = all
      .filter((job) => !comparable.includes(job))
      .map(({ row, seed }) => ({ row: row.id, seed, why: `its notes are others${notAsked}` }));
    const scored = await score(scale, states, new Set(jobs), notes, scoring, heard, at, backend, context);
    const ledger: Ledger = { ...scored, notRun: [...scored.notRun, ...elsewhere] };
    await keepRealSounds(scoring, jobs[0]!.recipe.data.sampleRate, at.samples('real-data'));
    await writeJson(at.ledger, ledger);
    const figures = await drawFigures(ledger, at, context);
    await replaceFile(at.page, paperPage(ledger, figures, at));
    return { folder: to, ledger, page: at.page, missing: missing(asked) };
  } finally {
    await scoring.close();
  }
}

/** Makes the collection, where it is to be made, in one of several processes that begin together; the others wait for it. */
async function prepareOnce(scale: Scale, at: Folders, wanted: NotesWanted, context: Context): Promise<string> {
  const turn = await waitForTurn(at.preparing, context.signal, (who) => context.note(`waiting for the notes of ${who}`));
  try {
    return await prepareNotes(scale, at.notes, wanted, context);
  } finally {
    turn.release();
  }
}

/** Scores of a listening test: those given, which are kept for the next time, or those that were. */
async function keptListening(
  given: ScoredListening | undefined,
  at: Folders,
  { note }: Context,
): Promise<ScoredListening | null> {
  if (given === undefined) return existsSync(at.listening) ? readJsonOf(at.listening, isScoredListening) : null;
  const strangers = given.score.models.filter(({ model }) => rowNamed(model) === undefined).map(({ model }) => model);
  if (strangers.length > 0) {
    const known = [realData, ...rows].map(({ id }) => id).join(', ');
    note(`the listening test has models that are no rows, which the table leaves out: ${strangers.join(', ')} (rows: ${known})`);
  }
  await writeJson(at.listening, given);
  return given;
}

/** Which notes a recipe means, wherever they lie. */
const notesMeant = ({ data: { path: _path, onBadNote: _bad, ...which } }: Recipe): string => canonicalJson(which);

/** Of the notes that all jobs learn from. @throws InputError where their recipes mean different ones */
async function fingerprintOf(jobs: readonly Job[], collection: string, context: Context): Promise<string> {
  const [first, ...others] = jobs.map(({ recipe }) => recipe);
  const odd = others.find((recipe) => notesMeant(recipe) !== notesMeant(first!));
  if (odd) {
    throw new InputError(
      `${odd.name}: expected the notes of ${first!.name}, found ${notesMeant(odd)}. Rows are compared on one collection.`,
      odd.data,
    );
  }
  const notes = await openNotes(first!.data, collection, context);
  await notes.all.close();
  return notes.train.fingerprint;
}

/** Real notes and a classifier: the same for all rows. */
async function openScoringFor(
  { classifier, resamples }: Scale,
  jobs: readonly Job[],
  data: string,
  count: number | undefined,
  at: Folders,
  context: Context,
): Promise<Scoring> {
  const { data: notes } = jobs[0]!.recipe;
  return openScoring(notes, context, {
    data,
    samples: notes.samples,
    count,
    seed: 0,
    resamples,
    classifier: { ...classifier, folder: at.classifiers },
  });
}

/** A job, and how far it has come. */
interface Reached {
  readonly job: Job;
  readonly reached: JobState;
}

const statesOf = (jobs: readonly Job[], at: Folders): Reached[] => jobs.map((job) => ({ job, reached: jobState(job, at) }));

async function score(
  { name, caption, resamples, tried }: Scale,
  states: readonly Reached[],
  asked: ReadonlySet<Job>,
  notes: Pick<Ledger['notes'], 'collection' | 'source'>,
  scoring: Scoring,
  listening: ScoredListening | null,
  at: Folders,
  backend: Choice,
  context: Context,
): Promise<Ledger> {
  const real = await scoreRealNotes(scoring, resamples, at);
  const results: RowResult[] = real ? [real] : [];
  const unscored: MissingRow[] = [];
  let coder: TrainedRow | null = null;
  const seeds = [...new Set(states.map(({ job }) => job.seed))];
  const { samples, sampleRate } = states[0]!.job.recipe.data;
  for (const { job, reached } of states) {
    if (reached.state !== 'trained') continue;
    if (job.row === autoencoder) {
      coder = reached.training;
      continue;
    }
    if (!asked.has(job)) {
      // As it was scored before: somebody else may be at it.
      const kept = scoredBefore(job, reached.training, scoring, resamples, at);
      if (kept) results.push(kept);
      else unscored.push({ row: job.row.id, seed: job.seed, why: `it was not scored on these notes${notAsked}` });
      continue;
    }
    const sounds = job.seed === Math.min(...[...asked].filter(({ row }) => row === job.row).map(({ seed }) => seed));
    results.push(await scoreJob(job, reached.training, scoring, resamples, at, sounds, context));
    context.keeps(`What is scored is in ${at.results}; the same command goes on.`);
  }
  const gone = missing(states, asked);
  return {
    kind: 'gansynth-reproduction',
    format: 1,
    scale: name,
    caption,
    seeds,
    notes: { ...scoring.notes, ...notes, seconds: samples / sampleRate },
    classifier: { ...scoring.classifier, hash: scoring.classifierHash },
    environment: describeEnvironment(backend),
    results,
    latencies: await rowLatencies(results, new Set([...asked].map(({ row }) => row.id)), at, backend, context),
    listening,
    autoencoder: coder,
    failed: gone.failed,
    notRun: [...gone.notRun, ...unscored],
    tried,
  };
}

const notAsked = '; it was not asked for';

/** Rows that cannot be scored: because of what became of their training, or because it is not over. */
function missing(states: readonly Reached[], asked?: ReadonlySet<Job>): Pick<Ledger, 'failed' | 'notRun'> {
  const of = (wanted: JobState['state']): MissingRow[] =>
    states.flatMap(({ job, reached }) => {
      if (reached.state !== wanted || reached.state === 'trained') return [];
      const why = asked?.has(job) === false && wanted === 'open' ? `${reached.why}${notAsked}` : reached.why;
      return [{ row: job.row.id, seed: job.seed, why }];
    });
  return { failed: of('failed'), notRun: of('open') };
}
