import type { ResampledScoreName, ScoreReport } from '@gansynth/metrics';
import type { PaperScore } from './paper-scores.js';

/** A score as tables show it. */
export interface Column {
  readonly name: ResampledScoreName;
  /** What people type. */
  readonly short: string;
  readonly heading: string;
  /** What it is and which way is better. */
  readonly title: string;
  readonly better: 'less' | 'more';
  /** What the score can be: no interval reaches beyond. */
  readonly range: (report: ScoreReport) => readonly [least: number, most: number];
  readonly of: (report: ScoreReport) => number;
  /** By how much the score is too large for so few notes, estimated; `null` where it cannot be. */
  readonly bias?: (report: ScoreReport) => number | null;
  /** The paper's number in the same unit; none where the paper has no such column. */
  readonly paper?: (row: PaperScore) => number;
  readonly show: (score: number) => string;
}

/** A share, [0, 1], as percent. */
export const percent = (share: number): string => (100 * share).toFixed(1);

const share: Column['range'] = () => [0, 1];
const notNegative: Column['range'] = () => [0, Number.POSITIVE_INFINITY];

/** The paper's five, in its order, then what needs no classifier. */
export const columns: readonly Column[] = [
  {
    name: 'ndbOverK',
    short: 'ndb',
    heading: 'NDB / k',
    title: 'share of bins with another share of notes than real data has; less is better',
    better: 'less',
    range: share,
    of: ({ ndb }) => ndb.ndbOverK,
    paper: ({ ndb }) => ndb / 50,
    show: (score) => score.toFixed(2),
  },
  {
    name: 'frechetDistance',
    short: 'fid',
    heading: 'FID',
    title: "Fréchet distance of the classifier's features; less is better",
    better: 'less',
    range: notNegative,
    of: ({ frechetDistance }) => frechetDistance.distance,
    bias: ({ frechetDistance }) => frechetDistance.bias,
    paper: ({ fid }) => fid,
    show: (score) => score.toPrecision(3),
  },
  {
    name: 'inceptionScore',
    short: 'is',
    heading: 'IS',
    title: 'inception score; more is better',
    better: 'more',
    range: ({ generated }) => [1, generated.inceptionScore.classes],
    of: ({ generated }) => generated.inceptionScore.score,
    paper: ({ inceptionScore }) => inceptionScore,
    show: (score) => score.toFixed(1),
  },
  {
    name: 'pitchAccuracy',
    short: 'pa',
    heading: 'PA %',
    title: 'notes whose pitch the classifier names; more is better',
    better: 'more',
    range: share,
    of: ({ generated }) => generated.pitchAccuracy.strict,
    paper: ({ pitchAccuracy }) => pitchAccuracy / 100,
    show: percent,
  },
  {
    name: 'pitchEntropy',
    short: 'pe',
    heading: 'PE',
    title: "entropy of the classifier's pitches, nats; less is better",
    better: 'less',
    range: notNegative,
    of: ({ generated }) => generated.pitchEntropy.entropy,
    paper: ({ pitchEntropy }) => pitchEntropy,
    show: (score) => score.toFixed(2),
  },
  {
    name: 'within50Cents',
    short: 'cents',
    heading: 'within 50 c %',
    title: 'notes within 50 cents of the pitch asked for, by a tracker that needs no training; more is better',
    better: 'more',
    range: share,
    of: ({ generated }) => generated.quality.within50Cents,
    show: percent,
  },
  {
    name: 'harmonicEnergy',
    short: 'harmonics',
    heading: 'on harmonics',
    title: 'share of the energy that lies on harmonics of the pitch; more is better',
    better: 'more',
    range: share,
    of: ({ generated }) => generated.quality.harmonicEnergy,
    show: (score) => score.toFixed(3),
  },
  {
    name: 'lastingRepetition',
    short: 'coherence',
    heading: 'phase coherence',
    title: 'how alike a period is to those long after it, -1 to 1; more is better',
    better: 'more',
    range: () => [-1, 1],
    of: ({ generated }) => generated.quality.lastingRepetition,
    show: (score) => score.toFixed(2),
  },
];
