import { breathe } from '@gansynth/common/breathe';
import { randomStream } from '@gansynth/common/random';

/** The scores whose sampling error is asked about: the paper's five, and three that need no classifier. */
export const resampledScoreNames = [
  'ndbOverK',
  'frechetDistance',
  'inceptionScore',
  'pitchAccuracy',
  'pitchEntropy',
  'within50Cents',
  'harmonicEnergy',
  'lastingRepetition',
] as const;

export type ResampledScoreName = (typeof resampledScoreNames)[number];

/** Scores of the notes at hand as they might have come out with other notes of the same model: drawn from them with replacement. */
export interface ResampledScores {
  readonly resamples: number;
  /** Of each score, one value for each resample; the r-th values of all scores belong to the same notes. */
  readonly draws: Readonly<Record<ResampledScoreName, readonly number[]>>;
}

/** Scores of notes chosen by their numbers, each as often as it is named. */
export type ScoreChosen = (chosen: Int32Array) => Readonly<Record<ResampledScoreName, number>>;

/**
 * Draws `count` of `count` notes with replacement, again and again, and scores what was drawn.
 *
 * @see Efron and Tibshirani 1993, chapter 6
 */
export async function resample(
  count: number,
  score: ScoreChosen,
  { resamples, seed, signal }: { readonly resamples: number; readonly seed: number; readonly signal?: AbortSignal | undefined },
): Promise<ResampledScores> {
  const draws = Object.fromEntries(resampledScoreNames.map((name) => [name, [] as number[]])) as Record<
    ResampledScoreName,
    number[]
  >;
  const stream = randomStream(seed, 'evaluation/resample');
  for (let r = 0; r < resamples; r++) {
    await breathe(signal);
    const scores = score(stream.integers(count, count));
    for (const name of resampledScoreNames) draws[name].push(scores[name]);
  }
  return { resamples, draws };
}
