import { nameOfPitch, pitchOfName } from '@gansynth/common/note-name';
import { InvalidArgumentError } from 'commander';

/** MIDI number of "60", "C4", "f#3", "Bb2", "Cb4" (C4 = 60). */
export function pitch(text: string): number {
  const number = /^\s*\d{1,3}\s*$/.test(text) ? Number(text) : pitchOfName(text);
  if (number === undefined || number > 127) {
    throw new InvalidArgumentError(`Expected MIDI pitches 0 to 127 or names such as C4, f#3, found "${text}".`);
  }
  return number;
}

const ends = /^\s*(\d{1,3}|[a-g][^\d\s-]{0,2}-?\d{1,2})\s*-\s*(\d{1,3}|[a-g][^\d\s-]{0,2}-?\d{1,2})\s*(?::\s*(\d{1,3})\s*)?$/iu;

/** "60", "48-60", "C3,E3,G3", "24-84:12" (every twelfth) -> MIDI numbers in the order given. */
export function pitches(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const range = ends.exec(part);
    if (!range) return [pitch(part)];
    const [from, to, step] = [pitch(range[1] ?? ''), pitch(range[2] ?? ''), Number(range[3] ?? 1)];
    if (to < from || step < 1) throw new InvalidArgumentError(`Expected a range from low to high, found "${part}".`);
    return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
  });
}

/** 60 -> "C4" */
export { nameOfPitch as pitchName };

/** 61 -> "Cs4": a name that needs no quoting in a path or an address. */
export const pitchFileName = (midi: number): string => nameOfPitch(midi).replace('#', 's');

/** A SHA-256 checksum in hexadecimal, as sha256sum prints it. */
export function sha256(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError(`Expected 64 hexadecimal digits, found "${text}".`);
}
