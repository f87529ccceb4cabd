import { randomStream } from '@gansynth/common/random';
import {
  bootstrapInterval,
  centred,
  kendallTau,
  middleInterval,
  seedDraws,
  seedInterval,
  shareInterval,
  type Interval,
  type ListeningModelScore,
} from '@gansynth/metrics';
import { paperComparisons } from '../reports/paper-scores.js';
import { columns, type Column } from '../reports/score-columns.js';
import { byRow } from './ledger.js';
import type { RowResult } from './row-result.js';
import { rowNamed, type Row } from './rows.js';

/** A score of a row, and how sure it is. */
export interface Cell {
  readonly score: number;
  readonly interval: Interval | null;
  /** The interval is over seeds, or over the choice of notes of one training. */
  readonly over: 'seeds' | 'notes';
  /** What few notes add to the score, as far as that is known. */
  readonly bias: number | null;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of a row's results with its seeds, one column. */
export function cellOf(results: readonly RowResult[], { name, of, bias: biasOf, range }: Column): Cell {
  const [least, most] = range(results[0]!.scores);
  const possible = ([low, high]: Interval): Interval => [
    Math.max(least, Math.min(most, low)),
    Math.max(least, Math.min(most, high)),
  ];
  const scores = results.map((result) => of(result.scores));
  const biases = results.map(({ scores }) => biasOf?.(scores) ?? null);
  const bias = biases.every((one) => one !== null) ? mean(biases) : null;
  if (scores.length > 1) {
    const { mean: score, interval } = seedInterval(scores);
    return { score, interval: possible(interval), over: 'seeds', bias };
  }
  const [score] = scores;
  const { resampled } = results[0]!.scores;
  const interval = resampled ? possible(bootstrapInterval(score!, resampled, name)) : null;
  return { score: score!, interval, over: 'notes', bias };
}

/** How far our order of rows is the paper's. */
export interface Agreement {
  readonly tau: number | null;
  /** Over the choice of notes, over seeds (Student's t) where a row has several; `null` where there is neither. */
  readonly interval: Interval | null;
}

/** How often an order is drawn anew where rows have seeds instead of resamples. */
const REDRAWN = 1000;

/** Kendall's tau between our scores and the paper's, over the rows that both have. */
export function agreementOf(
  rows: readonly Row[],
  results: ReadonlyMap<string, readonly RowResult[]>,
  column: Column,
): Agreement | null {
  const { paper, name, of } = column;
  if (!paper) return null;
  const both = rows.flatMap(({ id, paper: published }) => {
    const own = results.get(id);
    return published && own ? [{ published: paper(published), own }] : [];
  });
  const stream = randomStream(0, 'reproduce/agreement');
  return agreement(
    both.map(({ published, own }) => {
      const score = cellOf(own, column).score;
      const scores = own.map((result) => of(result.scores));
      if (scores.length > 1) return { published, score, draws: seedDraws(scores, REDRAWN, stream) };
      const draws = own[0]!.scores.resampled?.draws[name];
      return { published, score, draws: draws && centred(score, draws) };
    }),
  );
}

/** The same of wins in a listening test, as shares of what each took part in. */
export const agreementOfWins = (models: readonly ListeningModelScore[]): Agreement | null =>
  agreement(
    models.flatMap(({ model, wins, comparisons }) => {
      const row = rowNamed(model);
      const published = row?.id === 'real-data' ? undefined : row?.paper?.wins;
      return published === undefined || comparisons === 0
        ? []
        : [{ published: published / paperComparisons, score: wins / comparisons, draws: undefined }];
    }),
  );

interface Compared {
  readonly published: number;
  readonly score: number;
  /** Scores as they might have been; the r-th of all rows belong together. */
  readonly draws: readonly number[] | undefined;
}

function agreement(both: readonly Compared[]): Agreement | null {
  if (both.length < 3) return null;
  const published = both.map((one) => one.published);
  const tau = kendallTau(
    both.map(({ score }) => score),
    published,
  );
  const redrawn = Math.min(...both.map(({ draws }) => draws?.length ?? 0));
  const taus = Array.from({ length: redrawn }, (_, r) =>
    kendallTau(
      both.map(({ draws }) => draws![r]!),
      published,
    ),
  ).filter((one) => one !== null);
  return { tau, interval: taus.length < 2 ? null : middleInterval(taus) };
}

/** Wins of a row, as a share of its comparisons. */
export const winsInterval = ({ wins, comparisons }: Pick<ListeningModelScore, 'wins' | 'comparisons'>): Interval | null =>
  comparisons === 0 ? null : shareInterval(wins, comparisons);

/** The table as a terminal shows it: no intervals. */
export const summaryRows = (results: readonly RowResult[]): string[][] => [
  ['notes of', ...columns.map(({ heading }) => heading)],
  ...[...byRow(results).values()].map((own) => [
    own[0]!.title,
    ...columns.map((column) => column.show(cellOf(own, column).score)),
  ]),
];
