const semitones: Readonly<Record<string, number>> = { c: 0, d: 2, e: 4, f: 5, g: 7, a: 9, b: 11 };
const names = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'] as const;
const signs: Readonly<Record<string, number>> = { '': 0, '#': 1, '♯': 1, '##': 2, x: 2, '𝄪': 2, b: -1, '♭': -1, bb: -2, '𝄫': -2 };

/**
 * MIDI number of a note's name: letter, accidental, octave. An accidental may cross the octave, as in scores: Cb4 is 59, B#3 is 60.
 *
 * @param name "C4", "f#3", "Bb2", "Cb4", "E♯3", "Fx3"; blanks around it are ignored
 * @param middleC the octave in which middle C (60) lies: 4 in scientific notation, 3 with some makers of instruments
 * @returns `undefined` where the text is no note's name, or the note is outside 0 ... 127
 */
export function pitchOfName(name: string, middleC = 4): number | undefined {
  const match = /^\s*([a-g])(##|#|♯|x|𝄪|bb|b|♭|𝄫|)(-?\d{1,2})\s*$/iu.exec(name);
  if (match === null) return undefined;
  const [, letter = '', sign = '', octave] = match;
  const pitch = 60 + 12 * (Number(octave) - middleC) + (semitones[letter.toLowerCase()] ?? 0) + (signs[sign.toLowerCase()] ?? 0);
  return pitch >= 0 && pitch <= 127 ? pitch : undefined;
}

/** 60 -> "C4", 61 -> "C#4"; whole numbers, C4 = 60. */
export const nameOfPitch = (pitch: number): string => `${names[((pitch % 12) + 12) % 12]}${Math.floor(pitch / 12) - 1}`;

/** Frequency of a MIDI pitch in Hz, equal temperament with A4 = 69 = 440 Hz; fractions are cents. */
export const hertzOfPitch = (pitch: number): number => 440 * 2 ** ((pitch - 69) / 12);

/** MIDI pitch of a frequency in Hz, with a fractional part; the inverse of {@link hertzOfPitch}. */
export const pitchOfHertz = (hertz: number): number => 69 + 12 * Math.log2(hertz / 440);

/** Interval from `reference` up to `hertz` in cents (hundredths of a semitone). */
export const centsBetween = (hertz: number, reference: number): number => 1200 * Math.log2(hertz / reference);
