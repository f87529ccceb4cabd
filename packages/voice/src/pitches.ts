import { nameOfPitch, pitchOfName } from '@gansynth/common/note-name';
import { ArgumentError } from './errors.js';

/** A MIDI number, or a name such as C4 (60), f#3, Bb2. */
export type Pitch = number | string;

/** MIDI numbers of pitches. @throws ArgumentError for what is neither a number nor a name */
export function pitchNumbers(pitches: Pitch | readonly Pitch[]): number[] {
  return [pitches].flat().map((pitch) => {
    const number = typeof pitch === 'string' ? pitchOfName(pitch) : pitch;
    if (number !== undefined) return number;
    throw new ArgumentError(`expected MIDI numbers or names such as C4, f#3, found "${pitch}".`, pitch);
  });
}

/**
 * Class indices of pitches: their positions in what a model knows; -1 for all where it knows none, because pitch is nothing it was taught.
 *
 * @param known MIDI, ascending
 * @throws ArgumentError naming the range that the model has learned
 */
export function labelsOf(known: readonly number[], wanted: readonly number[]): Int32Array {
  return Int32Array.from(wanted, (pitch) => {
    if (known.length === 0) return -1;
    const label = known.indexOf(pitch);
    if (label >= 0) return label;
    const [low = 0, high = 0] = [known[0], known.at(-1)];
    throw new ArgumentError(
      `pitch ${pitch}: expected one that the model knows, ${low} to ${high} (${nameOfPitch(low)} to ${nameOfPitch(high)}), found another.`,
      pitch,
    );
  });
}
