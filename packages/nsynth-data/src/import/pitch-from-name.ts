const semitones: Readonly<Record<string, number>> = { c: 0, d: 2, e: 4, f: 5, g: 7, a: 9, b: 11 };

/** Patterns in the order they are believed; the first that occurs decides. */
const patterns: readonly { readonly pattern: RegExp; readonly pitch: (match: RegExpMatchArray, middleC: number) => number }[] = [
  // NSynth's own: <instrument>-<pitch>-<velocity>
  { pattern: /-(\d{3})-\d{3}(?=$|[^0-9])/g, pitch: ([, digits]) => Number(digits) },
  // m61, M061
  { pattern: /(?<=^|[^a-z0-9])m(\d{1,3})(?=$|[^a-z0-9])/gi, pitch: ([, digits]) => Number(digits) },
  // C#4, Db3, as2 (s: sharp), F-1
  {
    pattern: /(?<=^|[^a-z0-9#])([a-g])([#♯s]|[b♭])?(-?\d)(?=$|[^a-z0-9#])/gi,
    pitch: ([, letter = '', sign = '', octave], middleC) =>
      60 +
      12 * (Number(octave) - middleC) +
      (semitones[letter.toLowerCase()] as number) +
      (/[#♯s]/i.test(sign) ? 1 : sign === '' ? 0 : -1),
  },
  // -061-, _061.
  { pattern: /(?<=^|[-_ .])(\d{3})(?=$|[-_ .])/g, pitch: ([, digits]) => Number(digits) },
];

/**
 * MIDI pitch in a file's name: `-061-`, `m61`, or `C#4` with `middleC` the octave of middle C (4: C4 is 60).
 *
 * @param name without folder and extension
 * @returns the pitch; `undefined` if there is none; a list if the name holds several that differ
 */
export function pitchFromName(name: string, middleC = 4): number | readonly number[] | undefined {
  for (const { pattern, pitch } of patterns) {
    const found = [...name.matchAll(pattern)].map((match) => pitch(match, middleC)).filter((value) => value >= 0 && value <= 127);
    const different = [...new Set(found)];
    if (different.length > 0) return different.length === 1 ? different[0] : different;
  }
  return undefined;
}

/** Velocity in a name of NSynth's form. */
export function velocityFromName(name: string): number | undefined {
  const digits = /-\d{3}-(\d{3})(?=$|[^0-9])/.exec(name)?.[1];
  return digits !== undefined && Number(digits) <= 127 ? Number(digits) : undefined;
}

/** What is left of a name without pitch and velocity, in letters, digits and underscores. */
export function instrumentFromName(name: string): string {
  const decisive = patterns.find(({ pattern }) => name.search(pattern) >= 0);
  return slug(decisive === undefined ? name : name.replace(decisive.pattern, ' '));
}

export const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 120);
