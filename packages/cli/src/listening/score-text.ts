import { table } from '../app/table.js';
import type { ScoredListening } from './score-answers.js';

const p = (value: number): string => (value < 0.001 ? '< 0.001' : value.toFixed(3));

/** Rows of the wins table, as figure 2 of the paper counts; the first is the heading. */
export function winsRows({ score }: Pick<ScoredListening, 'score'>): (string | number)[][] {
  return [
    ['model', 'wins', 'ties', 'losses', 'comparisons', 'mean'],
    ...score.models.map(({ model, wins, ties, losses, comparisons, meanPreference }) => [
      model,
      wins,
      ties,
      losses,
      comparisons,
      meanPreference.toFixed(2).padStart(5),
    ]),
  ];
}

/** Rows of the table of comparisons, every two models; the first is the heading. */
export const comparisonRows = ({ score }: Pick<ScoredListening, 'score'>): (string | number)[][] => [
  ['Wilcoxon, Bonferroni', 'wins', 'ties', 'p', ''],
  ...score.comparisons.map(({ models: [a, b], wins, ties, correctedPValue, different }) => [
    `${a} : ${b}`,
    `${wins[0]} : ${wins[1]}`,
    ties,
    p(correctedPValue),
    different ? 'different' : 'not decided',
  ]),
];

/** Whether there is any difference at all, in a line. */
export function differenceLine({ score }: Pick<ScoredListening, 'score'>): string {
  const { statistic, degreesOfFreedom, pValue } = score.kruskalWallis;
  return `Kruskal-Wallis: H(${degreesOfFreedom}) = ${statistic.toFixed(2)}, p ${pValue < 0.001 ? p(pValue) : `= ${p(pValue)}`}`;
}

/** Who listened, how far they agree, and whose answers do not count. */
export function listenerLines(scored: ScoredListening): string[] {
  const { agreement, answers, listeners, catches } = scored.score;
  const failed = catches.filter((one) => one.failed);
  return [
    `${answers} answers of ${listeners} listeners; agreement (Krippendorff's alpha): ${agreement === null ? 'no pair was heard twice' : agreement.toFixed(2)}`,
    failed.length === 0
      ? 'nobody failed the catches'
      : `failed the catches: ${failed.map(({ listener, missed, answered }) => `${listener} (missed ${missed} of ${answered})`).join(', ')}`,
    ...scored.superseded.map((file) => `${file}: not counted, a later or equal file of the same listener is`),
    ...scored.unfinished.map(({ listener, answered, of }) => `${listener}: ${answered} of ${of} answered; they count`),
  ];
}

/** What a person reads. */
export const listeningText = (scored: ScoredListening): string =>
  [table(winsRows(scored)), '', differenceLine(scored), '', table(comparisonRows(scored)), '', ...listenerLines(scored)].join(
    '\n',
  );
