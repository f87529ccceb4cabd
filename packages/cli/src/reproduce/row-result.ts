import type { ScoreReport } from '@gansynth/metrics';
import type { Environment } from '../runs/environment.js';
import { has } from '../runs/read-json-of.js';
import type { LearnedShares } from './learned.js';

/** Of what is kept of a row. Changes with what scores consist of: rows kept in another one are scored anew. */
export const rowFormat = 2;

/** One row with one seed, scored; of real data there is one, without a training. */
export interface RowResult {
  readonly kind: 'gansynth-reproduction-row';
  readonly format: typeof rowFormat;
  readonly row: string;
  readonly title: string;
  readonly training: TrainedRow | null;
  /** What the score was computed with; another classifier or other notes, and it is computed anew. */
  readonly conditions: RowConditions;
  readonly scores: ScoreReport;
  /** Seconds of one note, when as many as were scored are generated; `null` for real data. */
  readonly secondsPerNote: number | null;
}

/** A training that is over, as it is kept. */
export interface FinishedTraining {
  readonly seed: number;
  readonly recipe: string;
  readonly recipeHash: string;
  readonly run: string;
  /** Examples learned from, and what they are. */
  readonly done: number;
  readonly unit: string;
  /** Of training, all sessions together. */
  readonly seconds: number;
  readonly learned: LearnedShares;
}

export interface TrainedRow extends FinishedTraining {
  /** What each session of it was computed with. */
  readonly sessions: readonly Environment[];
}

export interface RowConditions {
  readonly recipeHash: string | null;
  readonly classifier: string;
  /** Of the notes trained on. */
  readonly notes: string;
  /** Of the notes compared with. */
  readonly heldOut: string;
  readonly notesScored: number;
  readonly resamples: number;
}

/** A training that is over and taught nothing: kept, so that it is not looked at again. */
export interface TaughtNothing {
  readonly recipeHash: string;
  readonly why: string;
}

/** A row that could not be had, and why. */
export interface MissingRow {
  readonly row: string;
  readonly seed: number;
  readonly why: string;
}

/** `results/trained/if-mel-h-seed-0.json` */
export const isOutcome = (value: unknown): value is FinishedTraining | TaughtNothing =>
  has(value, 'recipeHash') &&
  typeof value.recipeHash === 'string' &&
  (has(value, 'why') || has(value, 'seed', 'run', 'done', 'seconds', 'learned'));

/** `results/if-mel-h-seed-0.json` */
export const isRowResult = (value: unknown): value is RowResult =>
  has(value, 'kind', 'format', 'row', 'conditions', 'scores') &&
  value.kind === 'gansynth-reproduction-row' &&
  value.format === rowFormat;
