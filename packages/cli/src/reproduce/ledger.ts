import type { ScoredListening } from '../listening/score-answers.js';
import type { Environment } from '../runs/environment.js';
import type { DataSummary } from '../pipeline/open-notes.js';
import type { Scoring } from '../pipeline/scoring.js';
import type { RowLatency } from './latencies.js';
import type { MissingRow, RowResult, TrainedRow } from './row-result.js';
import type { ScaleName } from './scales.js';
import type { Attempt } from './tried.js';

/** All that was done and what was not, so that a number of the page can be traced: `ledger.json`. */
export interface Ledger {
  readonly kind: 'gansynth-reproduction';
  readonly format: 1;
  readonly scale: ScaleName;
  /** What the scale is, in words. */
  readonly caption: string;
  readonly seeds: readonly number[];
  readonly notes: DataSummary & {
    readonly collection: string;
    /** What the notes are, in words. */
    readonly source: string;
    readonly seconds: number;
  };
  readonly classifier: Scoring['classifier'] & { readonly hash: string };
  /** What this page was made with; what rows were trained with is said with each. */
  readonly environment: Environment;
  readonly results: readonly RowResult[];
  /** One note of each row on each backend that ran where the page was made. */
  readonly latencies: readonly RowLatency[];
  /** A listening test of these rows, scored; `null` where none was held. */
  readonly listening: ScoredListening | null;
  /** Of figure 4; `null` where there is none. */
  readonly autoencoder: TrainedRow | null;
  readonly failed: readonly MissingRow[];
  readonly notRun: readonly MissingRow[];
  /** How the recipes of the scale were found. */
  readonly tried: readonly Attempt[];
}

/** A ledger's results by row, in the order of their seeds. */
export function byRow(results: readonly RowResult[]): ReadonlyMap<string, readonly RowResult[]> {
  const found = new Map<string, RowResult[]>();
  for (const result of results) found.set(result.row, [...(found.get(result.row) ?? []), result]);
  return found;
}
