import type { ScoreReport } from '@gansynth/metrics';
import type { Evaluation } from '../pipeline/evaluate.js';
import { paperScores } from './paper-scores.js';

export const scoreHeadings = [
  'notes of',
  'NDB / k',
  'FID',
  'IS',
  'PA %',
  'PE',
  'PA +-1 %',
  'within 20 c',
  'within 50 c',
  'on harmonics',
  'diversity',
] as const;

const percent = (share: number): string => (100 * share).toFixed(1);

function rowOf(name: string, { ndb, frechetDistance, generated }: ScoreReport): string[] {
  const { inceptionScore, pitchAccuracy, pitchEntropy, quality, diversity } = generated;
  return [
    name,
    ndb.ndbOverK.toFixed(2),
    frechetDistance.distance.toPrecision(3),
    inceptionScore.score.toFixed(1),
    percent(pitchAccuracy.strict),
    pitchEntropy.entropy.toFixed(2),
    percent(pitchAccuracy.withinTolerance),
    percent(quality.within20Cents),
    percent(quality.within50Cents),
    quality.harmonicEnergy.toFixed(3),
    diversity === null ? '-' : diversity.distance.toPrecision(3),
  ];
}

/** The five scores of the paper, and a few more, of everything that was scored. */
export function scoreRows({ trained, real, untrained }: Pick<Evaluation, 'trained' | 'real' | 'untrained'>): string[][] {
  return [
    ...(real === null ? [] : [rowOf('real data', real)]),
    rowOf('this model', trained),
    ...(untrained === null ? [] : [rowOf('untrained', untrained)]),
  ];
}

/** The paper's rows in the same columns, as far as they go. */
export const paperRows = (): string[][] =>
  paperScores.map((one) => [
    `paper: ${one.model}`,
    (one.ndb / 50).toFixed(2),
    String(one.fid),
    one.inceptionScore.toFixed(1),
    one.pitchAccuracy.toFixed(1),
    one.pitchEntropy.toFixed(2),
  ]);
