import { NotComparableError, ValueError } from '../errors.js';
import type { SetScores } from './heard-notes.js';
import type { ScoreConditions, ScoreReport } from './score-notes.js';

/** One line of a comparison. */
export interface ScoreDifference {
  readonly score: string;
  /** Whether a higher value is better. */
  readonly higherIsBetter: boolean;
  readonly first: number;
  readonly second: number;
  /** The report with the better value, or neither. */
  readonly better: 'first' | 'second' | 'neither';
}

interface Line {
  readonly score: string;
  readonly higherIsBetter: boolean;
  readonly of: (report: ScoreReport) => number;
  /** The same of the reference notes, where there is such a thing. */
  readonly ofReference?: (report: ScoreReport) => number;
}

const ofSet = (score: string, higherIsBetter: boolean, value: (set: SetScores) => number): Line => ({
  score,
  higherIsBetter,
  of: ({ generated }) => value(generated),
  ofReference: ({ reference }) => value(reference),
});

const LINES: readonly Line[] = [
  { score: 'NDB', higherIsBetter: false, of: (report) => report.ndb.ndb },
  { score: 'NDB / k', higherIsBetter: false, of: (report) => report.ndb.ndbOverK },
  { score: 'Jensen-Shannon divergence of bins', higherIsBetter: false, of: (report) => report.ndb.jensenShannon },
  { score: 'Frechet distance', higherIsBetter: false, of: (report) => report.frechetDistance.distance },
  { score: 'Kernel distance', higherIsBetter: false, of: (report) => report.kernelDistance.distance },
  ofSet('Inception score', true, (set) => set.inceptionScore.score),
  ofSet('Pitch accuracy, strict', true, (set) => set.pitchAccuracy.strict),
  ofSet('Pitch accuracy, within a semitone', true, (set) => set.pitchAccuracy.withinTolerance),
  ofSet('Pitch entropy', false, (set) => set.pitchEntropy.entropy),
  ofSet('Pitch within 20 cents', true, (set) => set.quality.within20Cents),
  ofSet('Pitch within 50 cents', true, (set) => set.quality.within50Cents),
  ofSet('Energy on harmonics', true, (set) => set.quality.harmonicEnergy),
  ofSet('Repetition after a period', true, (set) => set.quality.repetition),
  ofSet('Repetition after 50 ms', true, (set) => set.quality.lastingRepetition),
  ofSet('Diversity at one pitch', true, (set) => set.diversity?.distance ?? 0),
];

function checkReport(report: ScoreReport, who: string): void {
  if (report?.kind !== 'gansynth-scores' || report.format !== 1) {
    throw new ValueError(
      `${who}: expected a report of scoreNotes, format 1, found ${String(report?.kind)}, ${String(report?.format)}.`,
      report,
    );
  }
}

/**
 * Puts two reports side by side.
 *
 * @throws NotComparableError, naming what differs, unless classifier, bins, reference notes, numbers of notes, seed, sample rate and versions
 *   are the same
 */
export function compareScores(first: ScoreReport, second: ScoreReport): readonly ScoreDifference[] {
  checkReport(first, 'compareScores');
  checkReport(second, 'compareScores');
  const differences = (Object.keys({ ...first.conditions, ...second.conditions }) as (keyof ScoreConditions)[])
    .map((key) => ({ key, a: JSON.stringify(first.conditions[key]), b: JSON.stringify(second.conditions[key]) }))
    .filter(({ a, b }) => a !== b)
    .map(({ key, a, b }) => `${key}: ${a} and ${b}`);
  if (differences.length > 0) {
    throw new NotComparableError(
      `compareScores: expected reports made under the same conditions, found ${differences.join('; ')}. Score both again with the same classifier, bins, reference notes and number of notes.`,
      differences,
    );
  }
  return LINES.map(({ score, higherIsBetter, of }) => {
    const [a, b] = [of(first), of(second)];
    return {
      score,
      higherIsBetter,
      first: a,
      second: b,
      better: a === b ? 'neither' : a > b === higherIsBetter ? 'first' : 'second',
    };
  });
}

/** A report as lines of text: each score, beside what the reference notes themselves get. */
export function formatScores(report: ScoreReport): string {
  checkReport(report, 'formatScores');
  const { conditions } = report;
  const rows = [
    ['score', 'generated', 'reference'],
    ...LINES.map(({ score, of, ofReference }) => [
      score,
      of(report).toPrecision(5),
      ofReference ? ofReference(report).toPrecision(5) : '',
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const table = rows.map(([name, ...values]) =>
    [name!.padEnd(widths[0]!), ...values.map((value, i) => value.padStart(widths[i + 1]!))].join('  ').trimEnd(),
  );
  const { bias } = report.frechetDistance;
  return [
    ...table,
    '',
    `Frechet distance is about ${bias === null ? 'an unknown amount' : bias.toPrecision(3)} too large for the number of notes; kernel distance +- ${(1.96 * report.kernelDistance.standardError).toPrecision(3)} (95 %)`,
    `${conditions.generatedCount} notes against ${conditions.referenceCount} (${conditions.reference}), ${conditions.sampleRate} Hz, ${report.ndb.k} bins ${conditions.bins}, seed ${conditions.seed}`,
    `classifier ${conditions.classifier.slice(0, 12)}, ${Object.entries(conditions.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}, ${report.backend}`,
  ].join('\n');
}
