import {
  basicInterval,
  kendallTau,
  seedInterval,
  turnedOver,
  type Interval,
  type ResampledScoreName,
  type ScoreReport,
} from '@gansynth/metrics';
import type { PaperScore } from '../reports/paper-scores.js';
import { byRow } from './ledger.js';
import type { RowResult } from './row-result.js';
import type { Row } from './rows.js';

/** A column of the table. */
export interface Column {
  readonly name: ResampledScoreName;
  readonly heading: string;
  /** What it is and which way is better. */
  readonly title: string;
  readonly better: 'less' | 'more';
  readonly of: (report: ScoreReport) => number;
  /** The paper's number in the same unit; none where the paper has no such column. */
  readonly paper?: (row: PaperScore) => number;
  readonly show: (score: number) => string;
}

const percent = (share: number): string => (100 * share).toFixed(1);

/** The paper's five, in its order, then what needs no classifier. */
export const columns: readonly Column[] = [
  {
    name: 'ndbOverK',
    heading: 'NDB / k',
    title: 'share of bins with another share of notes than real data has; less is better',
    better: 'less',
    of: ({ ndb }) => ndb.ndbOverK,
    paper: ({ ndb }) => ndb / 50,
    show: (score) => score.toFixed(2),
  },
  {
    name: 'frechetDistance',
    heading: 'FID',
    title: "Fréchet distance of the classifier's features; less is better",
    better: 'less',
    of: ({ frechetDistance }) => frechetDistance.distance,
    paper: ({ fid }) => fid,
    show: (score) => score.toPrecision(3),
  },
  {
    name: 'inceptionScore',
    heading: 'IS',
    title: 'inception score; more is better',
    better: 'more',
    of: ({ generated }) => generated.inceptionScore.score,
    paper: ({ inceptionScore }) => inceptionScore,
    show: (score) => score.toFixed(1),
  },
  {
    name: 'pitchAccuracy',
    heading: 'PA %',
    title: 'notes whose pitch the classifier names; more is better',
    better: 'more',
    of: ({ generated }) => generated.pitchAccuracy.strict,
    paper: ({ pitchAccuracy }) => pitchAccuracy / 100,
    show: percent,
  },
  {
    name: 'pitchEntropy',
    heading: 'PE',
    title: "entropy of the classifier's pitches, nats; less is better",
    better: 'less',
    of: ({ generated }) => generated.pitchEntropy.entropy,
    paper: ({ pitchEntropy }) => pitchEntropy,
    show: (score) => score.toFixed(2),
  },
  {
    name: 'within50Cents',
    heading: 'within 50 c %',
    title: 'notes within 50 cents of the pitch asked for, by a tracker that needs no training; more is better',
    better: 'more',
    of: ({ generated }) => generated.quality.within50Cents,
    show: percent,
  },
  {
    name: 'harmonicEnergy',
    heading: 'on harmonics',
    title: 'share of the energy that lies on harmonics of the pitch; more is better',
    better: 'more',
    of: ({ generated }) => generated.quality.harmonicEnergy,
    show: (score) => score.toFixed(3),
  },
  {
    name: 'lastingRepetition',
    heading: 'phase coherence',
    title: 'how alike a period is to those long after it, -1 to 1; more is better',
    better: 'more',
    of: ({ generated }) => generated.quality.lastingRepetition,
    show: (score) => score.toFixed(2),
  },
];

/** A score of a row, and how sure it is. */
export interface Cell {
  readonly score: number;
  readonly interval: Interval | null;
  /** The interval is over seeds, or over the choice of notes of one training. */
  readonly over: 'seeds' | 'notes';
}

/** Of a row's results with its seeds, one column. */
export function cellOf(results: readonly RowResult[], { name, of }: Column): Cell {
  const scores = results.map((result) => of(result.scores));
  if (scores.length > 1) {
    const { mean, interval } = seedInterval(scores);
    return { score: mean, interval, over: 'seeds' };
  }
  const [score] = scores;
  const { resampled } = results[0]!.scores;
  return { score: score!, interval: resampled ? basicInterval(score!, resampled, name) : null, over: 'notes' };
}

/** How far our order of rows is the paper's. */
export interface Agreement {
  readonly tau: number | null;
  /** Over the choice of notes; `null` without resamples. */
  readonly interval: Interval | null;
  readonly rows: number;
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
  const drawn = both.map(
    ({ own: [first] }) => first!.scores.resampled && turnedOver(of(first!.scores), first!.scores.resampled.draws[name]),
  );
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
  return { tau, interval: taus.length < 2 ? null : [at(0.025), at(0.975)], rows: both.length };
}

/** The table as a terminal shows it: no intervals. */
export const summaryRows = (results: readonly RowResult[]): string[][] => [
  ['notes of', ...columns.map(({ heading }) => heading)],
  ...[...byRow(results).values()].map((own) => [
    own[0]!.title,
    ...columns.map((column) => column.show(cellOf(own, column).score)),
  ]),
];
