import { ShapeError, ValueError } from './errors.js';

/** Samples of one note, mono; any numeric array. */
export type Samples = ArrayLike<number>;

/** MIDI pitch to hertz: 69 is 440 Hz, equal temperament; fractions allowed. */
export const hertzOfPitch = (pitch: number): number => 440 * 2 ** ((pitch - 69) / 12);

/** Interval from `reference` up to `hertz` in cents (hundredths of a semitone). */
export const centsBetween = (hertz: number, reference: number): number => 1200 * Math.log2(hertz / reference);

/** Double precision copy of `audio`; refuses what has no samples or holds NaN or infinity. `who` names the public function. */
export function checkedSamples(audio: Samples, who: string): Float64Array {
  if (audio.length === 0) throw new ShapeError(`metrics: ${who}: expected the samples of a note, found none.`, [0]);
  const samples = Float64Array.from(audio);
  const bad = samples.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new ValueError(
      `metrics: ${who}: expected finite samples, found ${samples[bad]} at sample ${bad}. A generator that diverged gives such audio; leave the note out or count it as failed.`,
      samples[bad],
    );
  }
  return samples;
}

/** Refuses a number outside [low, high] (or not a number), naming the option. */
export function checkedNumber(value: number, low: number, high: number, who: string, option: string): number {
  if (!(value >= low && value <= high)) {
    throw new ValueError(`metrics: ${who}: expected ${option} in [${low}, ${high}], found ${value}.`, value);
  }
  return value;
}
