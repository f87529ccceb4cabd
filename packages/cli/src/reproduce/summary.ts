import { basicInterval, kendallTau, seedInterval, turnedOver, type Interval } from '@gansynth/metrics';
import { columns, type Column } from '../reports/score-columns.js';
import { byRow } from './ledger.js';
import type { RowResult } from './row-result.js';
import type { Row } from './rows.js';

/** A score of a row, and how sure it is. */
export interface Cell {
  readonly score: number;
  readonly interval: Interval | null;
  /** The interval is over seeds, or over the choice of notes of one training. */
  readonly over: 'seeds' | 'notes';
}

/** Of a row's results with its seeds, one column. */
export function cellOf(results: readonly RowResult[], { name, of, range: [least, most] }: Column): Cell {
  const possible = ([low, high]: Interval): Interval => [
    Math.max(least, Math.min(most, low)),
    Math.max(least, Math.min(most, high)),
  ];
  const scores = results.map((result) => of(result.scores));
  if (scores.length > 1) {
    const { mean, interval } = seedInterval(scores);
    return { score: mean, interval: possible(interval), over: 'seeds' };
  }
  const [score] = scores;
  const { resampled } = results[0]!.scores;
  return { score: score!, interval: resampled ? possible(basicInterval(score!, resampled, name)) : null, over: 'notes' };
}

/** How far our order of rows is the paper's. */
export interface Agreement {
  readonly tau: number | null;
  /** Over the choice of notes; `null` without resamples, and where a score is the mean over seeds. */
  readonly interval: Interval | null;
}

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
  if (both.length < 3) return null;
  const published = both.map((one) => one.published);
  const tau = kendallTau(
    both.map(({ own }) => cellOf(own, column).score),
    published,
  );
  const drawn = both.map(({ own: [first, ...others] }) => {
    const resampled = others.length === 0 ? first!.scores.resampled : undefined;
    return resampled && turnedOver(of(first!.scores), resampled.draws[name]);
  });
  const resamples = Math.min(...drawn.map((draws) => draws?.length ?? 0));
  const taus = Array.from({ length: resamples }, (_, r) =>
    kendallTau(
      drawn.map((draws) => draws![r]!),
      published,
    ),
  )
    .filter((one) => one !== null)
    .sort((a, b) => a - b);
  const at = (share: number): number => taus[Math.round(share * (taus.length - 1))]!;
  return { tau, interval: taus.length < 2 ? null : [at(0.025), at(0.975)] };
}

/** The table as a terminal shows it: no intervals. */
export const summaryRows = (results: readonly RowResult[]): string[][] => [
  ['notes of', ...columns.map(({ heading }) => heading)],
  ...[...byRow(results).values()].map((own) => [
    own[0]!.title,
    ...columns.map((column) => column.show(cellOf(own, column).score)),
  ]),
];
