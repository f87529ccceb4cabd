import { isNear, type NamingCustom, type PitchEvidence } from './weigh-pitch.js';

/** A file of the collection, as far as its name and sound are known. */
export interface NamedEvidence extends PitchEvidence {
  /** Path in the folder. */
  readonly file: string;
}

/** What the names of notes in a collection say of the octave of middle C. */
export interface MiddleC {
  /** The octave that these names give to MIDI 60. */
  readonly octave: number;
  /** Sounds whose measured pitch bears it out, of how many that could. */
  readonly agreeing: number;
  readonly of: number;
}

const leastAgreeing = 3;
const leastShare = 0.8;

/**
 * The octave of middle C that the sounds bear out, if it is not 4: at least three sounds, and four out of five, are as many octaves from
 * their names.
 */
export function guessMiddleC(collection: Iterable<PitchEvidence>): MiddleC | undefined {
  const counts = new Map<number, number>();
  let of = 0;
  for (const { reading, measured } of collection) {
    const notes = new Set(reading.pitches.filter(({ form }) => form === 'note').map(({ pitch }) => pitch));
    const [note] = notes;
    if (notes.size !== 1 || note === undefined || measured === undefined) continue;
    of++;
    const octaves = Math.round((measured.pitch - note) / 12);
    if (isNear(note + 12 * octaves, measured)) counts.set(octaves, (counts.get(octaves) ?? 0) + 1);
  }
  for (const [octaves, agreeing] of counts) {
    if (octaves !== 0 && agreeing >= leastAgreeing && agreeing >= leastShare * of) return { octave: 4 - octaves, agreeing, of };
  }
  return undefined;
}

/** Names alike but for their digits. */
const patternOf = (file: string): string => file.replace(/\d+(?=[^/\\]*$)/g, '#');

/**
 * Whether the bare numbers of names are pitches, for each pattern of names: more sounds bear them out than not; where no sound tells, a
 * series that begins at 0, 1 or 2 counts takes.
 */
export function numberCustoms(collection: Iterable<NamedEvidence>): (file: string) => boolean | undefined {
  interface Tally {
    files: number;
    agreeing: number;
    differing: number;
    lowest: number;
  }
  const tallies = new Map<string, Tally>();
  for (const { file, reading, measured } of collection) {
    const numbers = reading.pitches.filter(({ form }) => form === 'number').map(({ pitch }) => pitch);
    if (numbers.length === 0) continue;
    const pattern = patternOf(file);
    const tally = tallies.get(pattern) ?? { files: 0, agreeing: 0, differing: 0, lowest: Number.POSITIVE_INFINITY };
    tallies.set(pattern, tally);
    tally.files++;
    tally.lowest = Math.min(tally.lowest, ...numbers);
    if (measured === undefined) continue;
    if (numbers.some((number) => isNear(number, measured))) tally.agreeing++;
    else tally.differing++;
  }
  return (file) => {
    const tally = tallies.get(patternOf(file));
    if (tally === undefined) return undefined;
    // One sound that disagrees with a lone number is a contradiction to be told, not a custom.
    if (tally.agreeing + tally.differing > 1) return tally.agreeing > tally.differing;
    return tally.lowest <= 2 ? false : undefined;
  };
}

/** How the names of a collection are to be read. */
export function namingCustoms(
  collection: readonly NamedEvidence[],
  middleC: number | undefined,
): { readonly of: (file: string) => NamingCustom; readonly guessed: MiddleC | undefined } {
  const guessed = guessMiddleC(collection);
  const shift = 12 * (4 - (middleC ?? guessed?.octave ?? 4));
  const numbers = numberCustoms(collection);
  return { of: (file) => ({ shift, numbersArePitches: numbers(file) }), guessed };
}
