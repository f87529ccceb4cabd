import { ShapeError, ValueError } from '../errors.js';

/** Samples of one note, mono; any numeric array. */
export type Samples = ArrayLike<number>;

/** Double precision copy of `audio`; refuses what has no samples or holds NaN or infinity. `who` names the public function. */
export function checkedSamples(audio: Samples, who: string): Float64Array {
  if (audio.length === 0) throw new ShapeError(`${who}: expected the samples of a note, found none.`, [0]);
  const samples = Float64Array.from(audio);
  const bad = samples.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new ValueError(
      `${who}: expected finite samples, found ${samples[bad]} at sample ${bad}. A generator that diverged gives such audio; leave the note out or count it as failed.`,
      samples[bad],
    );
  }
  return samples;
}

/** Refuses a number outside [low, high] (or not a number), naming the option. */
export function checkedNumber(value: number, low: number, high: number, who: string, option: string): number {
  if (!(value >= low && value <= high)) {
    throw new ValueError(`${who}: expected ${option} in [${low}, ${high}], found ${value}.`, value);
  }
  return value;
}

/** A whole number within bounds. */
export function checkedCount(value: number, low: number, high: number, who: string, option: string): number {
  if (Number.isInteger(value)) return checkedNumber(value, low, high, who, option);
  throw new ValueError(`${who}: expected a whole number for ${option}, found ${value}.`, value);
}
