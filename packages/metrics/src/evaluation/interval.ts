import type { ResampledScoreName, ResampledScores } from './resample.js';
import type { RandomStream } from '@gansynth/common/random';
import { ValueError } from '../errors.js';

/** Lower and upper end. */
export type Interval = readonly [low: number, high: number];

/** Value at a share of sorted values, between two of them where it falls so. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}

/**
 * Scores of resamples, moved together so that their mean is the score of the notes themselves. A resample repeats notes, which makes a Fréchet
 * distance and a number of different bins larger, and an inception score smaller, than other notes of the same number would: only how far the
 * draws lie apart says something.
 */
export function centred(score: number, draws: readonly number[]): number[] {
  const mean = draws.reduce((sum, drawn) => sum + drawn, 0) / draws.length;
  return draws.map((drawn) => score + (drawn - mean));
}

/**
 * The middle of many values.
 *
 * @param level share of them that lies in it
 * @throws ValueError for less than two values or a level that is no share
 */
export function middleInterval(values: readonly number[], level = 0.95): Interval {
  if (!(level > 0 && level < 1)) throw new ValueError(`middleInterval: expected a level between 0 and 1, found ${level}.`, level);
  if (values.length < 2) throw new ValueError(`middleInterval: expected at least 2 values, found ${values.length}.`, values);
  const sorted = values.toSorted((a, b) => a - b);
  return [quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2)];
}

/**
 * Interval of the score that a model's notes have on average, when as many are taken as were scored: the percentile bootstrap, {@link centred}.
 * What few notes add to a score at any rate is not taken off (`frechetDistance.bias` says how much that is).
 *
 * @param score as measured on the notes themselves
 * @param level share of such intervals that hold that average
 * @throws ValueError for less than two resamples or a level that is no share
 * @see Efron and Tibshirani 1993, chapter 13
 */
export const bootstrapInterval = (score: number, { draws }: ResampledScores, name: ResampledScoreName, level = 0.95): Interval =>
  middleInterval(centred(score, draws[name]), level);

/**
 * 95 % interval of a share that was counted: Wilson's, which stays within 0 and 1.
 *
 * @param count of `total`
 * @throws ValueError unless 0 <= count <= total and total > 0
 * @see Wilson 1927; Brown, Cai and DasGupta 2001
 */
export function shareInterval(count: number, total: number): Interval {
  if (!(total > 0 && count >= 0 && count <= total))
    throw new ValueError(`shareInterval: expected a count from 0 to a total above 0, found ${count} of ${total}.`, [
      count,
      total,
    ]);
  const [share, z2] = [count / total, NORMAL_975 ** 2];
  const middle = (share + z2 / (2 * total)) / (1 + z2 / total);
  const half = (Math.sqrt(z2) * Math.sqrt((share * (1 - share)) / total + z2 / (4 * total ** 2))) / (1 + z2 / total);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** Quantile 0.975 of the normal distribution. */
const NORMAL_975 = 1.959964;

const exactT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

/** Quantile 0.975 of Student's t; beyond ten degrees of freedom by the first terms of its expansion round the normal one's (error < 2e-4). */
function studentT(degrees: number): number {
  const z = NORMAL_975;
  const expansion =
    z +
    (z ** 3 + z) / (4 * degrees) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * degrees ** 3);
  return exactT[degrees - 1] ?? expansion;
}

/** Mean and standard error of the mean. @throws ValueError for fewer than two scores */
function meanOfSeeds(scores: readonly number[], who: string): { readonly mean: number; readonly error: number } {
  const n = scores.length;
  if (n < 2) throw new ValueError(`${who}: expected the scores of at least 2 seeds, found ${n}.`, scores);
  const mean = scores.reduce((sum, score) => sum + score, 0) / n;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (n - 1);
  return { mean, error: Math.sqrt(variance / n) };
}

/**
 * Means as they may be, given a score's values over seeds: their distribution is that of which {@link seedInterval} is the middle, Student's t.
 *
 * @param scores two or more
 * @throws ValueError for fewer
 */
export function seedDraws(scores: readonly number[], count: number, stream: RandomStream): number[] {
  const { mean, error } = meanOfSeeds(scores, 'seedDraws');
  const degrees = scores.length - 1;
  return Array.from({ length: count }, () => {
    const [normal, ...others] = stream.normalValues(1 + degrees);
    return mean + (error * normal!) / Math.sqrt(others.reduce((sum, one) => sum + one ** 2, 0) / degrees);
  });
}

/**
 * Mean of a score over trainings that differ in the seed alone, and its 95 % interval by Student's t (with two seeds that is 12.7 standard
 * errors to each side).
 *
 * @param scores two or more
 * @throws ValueError for fewer
 */
export function seedInterval(scores: readonly number[]): { readonly mean: number; readonly interval: Interval } {
  const { mean, error } = meanOfSeeds(scores, 'seedInterval');
  const half = studentT(scores.length - 1) * error;
  return { mean, interval: [mean - half, mean + half] };
}
