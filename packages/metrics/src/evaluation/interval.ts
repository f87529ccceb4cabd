import type { ResampledScoreName, ResampledScores } from './resample.js';
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
 * Values as far above a score as resampled ones are below it, and the other way round. A resample repeats notes, so that its Fréchet distance
 * and its number of different bins are too large by about as much as the score itself is: turned over, the error cancels instead of counting
 * twice.
 */
export const turnedOver = (score: number, draws: readonly number[]): number[] => draws.map((drawn) => 2 * score - drawn);

/**
 * Interval of a score over the choice of notes: the basic bootstrap.
 *
 * @param score as measured on the notes themselves
 * @param level share of such intervals that hold the true score
 * @throws ValueError for less than two resamples or a level that is no share
 * @see Davison and Hinkley 1997, section 5.2.1
 */
export function basicInterval(
  score: number,
  { resamples, draws }: ResampledScores,
  name: ResampledScoreName,
  level = 0.95,
): Interval {
  if (!(level > 0 && level < 1)) throw new ValueError(`basicInterval: expected a level between 0 and 1, found ${level}.`, level);
  if (resamples < 2) throw new ValueError(`basicInterval: expected at least 2 resamples, found ${resamples}.`, resamples);
  const sorted = turnedOver(score, draws[name]).sort((a, b) => a - b);
  return [quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2)];
}

const exactT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

/** Quantile 0.975 of Student's t; beyond ten degrees of freedom by the first terms of its expansion round the normal one's (error < 2e-4). */
function studentT(degrees: number): number {
  const z = 1.959964;
  const expansion =
    z +
    (z ** 3 + z) / (4 * degrees) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * degrees ** 3);
  return exactT[degrees - 1] ?? expansion;
}

/**
 * Mean of a score over trainings that differ in the seed alone, and its 95 % interval by Student's t (with two seeds that is 12.7 standard
 * errors to each side).
 *
 * @param scores two or more
 * @throws ValueError for fewer
 */
export function seedInterval(scores: readonly number[]): { readonly mean: number; readonly interval: Interval } {
  const n = scores.length;
  if (n < 2) throw new ValueError(`seedInterval: expected the scores of at least 2 seeds, found ${n}.`, scores);
  const mean = scores.reduce((sum, score) => sum + score, 0) / n;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (n - 1);
  const half = studentT(n - 1) * Math.sqrt(variance / n);
  return { mean, interval: [mean - half, mean + half] };
}
