import type { ScoreNote } from '@gansynth/voice';

/** Half bars of the opening, MIDI: each is eight sixteenth notes. */
const figuration = {
  tonic: [43, 50, 59, 57, 59, 50, 59, 50],
  subdominant: [43, 52, 60, 59, 60, 52, 60, 52],
  dominant: [43, 54, 60, 59, 60, 54, 60, 54],
  return: [43, 55, 59, 57, 59, 55, 59, 55],
  onward: [43, 55, 59, 57, 59, 55, 59, 54],
};

const { tonic, subdominant, dominant, return: back, onward } = figuration;

/** The first four bars of the prelude of Bach's first suite for violoncello, G major, BWV 1007: what the paper has its timbres move through. */
const opening = [tonic, tonic, subdominant, subdominant, dominant, dominant, back, onward].flat();

/** Of a sixteenth note: 60 quarter notes a minute. */
const seconds = 0.25;

/**
 * The opening of the prelude where a model can play it: moved by the octaves that leave the fewest notes outside, those by octaves of their own.
 *
 * @param pitches that the model knows, ascending
 * @returns notes; those that fit in no octave are left out
 */
export function preludeFor(pitches: readonly number[]): ScoreNote[] {
  // A model that knows no pitches takes any.
  if (pitches.length === 0) return preludeFor(opening);
  const knows = new Set(pitches);
  const shifts = Array.from({ length: 21 }, (_, i) => 12 * (i - 10)).sort((a, b) => Math.abs(a) - Math.abs(b));
  const missing = (shift: number): number => opening.filter((pitch) => !knows.has(pitch + shift)).length;
  const least = Math.min(...shifts.map(missing));
  const shift = shifts.find((one) => missing(one) === least)!;
  return opening.flatMap((written, i) => {
    const octave = shifts.find((one) => knows.has(written + shift + one));
    if (octave === undefined) return [];
    return [{ start: i * seconds, end: (i + 1) * seconds, pitch: written + shift + octave, velocity: 100 }];
  });
}
