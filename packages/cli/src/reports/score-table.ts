import type { ResampledScoreName, ScoreReport } from '@gansynth/metrics';
import type { Evaluation } from '../pipeline/evaluation.js';
import { paperScores } from './paper-scores.js';
import { columns, percent, type Column } from './score-columns.js';

type Shown = Pick<Column, 'heading' | 'show' | 'paper'> & { readonly of: (report: ScoreReport) => number | null };

const published = columns.filter(({ paper }) => paper);
const named = (name: ResampledScoreName): Column[] => columns.filter((column) => column.name === name);

/** The paper's five scores, and a few more. */
const shown: readonly Shown[] = [
  ...published,
  { heading: 'PA +-1 %', of: ({ generated }) => generated.pitchAccuracy.withinTolerance, show: percent },
  { heading: 'within 20 c %', of: ({ generated }) => generated.quality.within20Cents, show: percent },
  ...named('within50Cents'),
  ...named('harmonicEnergy'),
  {
    heading: 'diversity',
    of: ({ generated }) => generated.diversity?.distance ?? null,
    show: (distance) => distance.toPrecision(3),
  },
];

export const scoreHeadings: readonly string[] = ['notes of', ...shown.map(({ heading }) => heading)];

const rowOf = (name: string, report: ScoreReport): string[] => [
  name,
  ...shown.map(({ of, show }) => {
    const score = of(report);
    return score === null ? '-' : show(score);
  }),
];

/** The scores of everything that was scored. */
export function scoreRows({ trained, real, untrained }: Pick<Evaluation, 'trained' | 'real' | 'untrained'>): string[][] {
  return [
    ...(real === null ? [] : [rowOf('real data', real)]),
    rowOf('this model', trained),
    ...(untrained === null ? [] : [rowOf('untrained', untrained)]),
  ];
}

/** The paper's rows in the same columns, as far as they go. */
export const paperRows = (): string[][] =>
  paperScores.map((one) => [`paper: ${one.model}`, ...published.map(({ paper, show }) => show(paper!(one)))]);
