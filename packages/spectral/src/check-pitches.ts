import { OptionError } from './errors.js';

/** A MIDI pitch for each note, or an {@link OptionError}. */
export function checkPitches(what: string, pitches: ArrayLike<number> | undefined, batch: number): void {
  const wrong = Array.from(pitches ?? []).find((pitch) => !(pitch >= 0 && pitch <= 127));
  if (pitches?.length === batch && wrong === undefined) return;
  const found = wrong === undefined ? (pitches === undefined ? 'none' : `${pitches.length} of them`) : String(wrong);
  throw new OptionError(
    `${what}: expected a MIDI pitch in [0, 127] for each of ${batch} notes, found ${found}.`,
    'pitches',
    wrong ?? pitches?.length,
  );
}
