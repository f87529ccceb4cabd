import { type Family, families } from '../notes/vocabulary.js';

/** What players call instruments, by NSynth's families. `unknown`: what has none, and no other word before it changes that. */
const words: Readonly<Record<Family, string>> = {
  bass: 'bass basses',
  brass: 'brass trumpet cornet flugelhorn trombone horn tuba euphonium bugle',
  flute: 'flute piccolo recorder ocarina panpipe panflute shakuhachi whistle',
  guitar: 'guitar banjo ukulele mandolin lute sitar shamisen koto',
  keyboard: 'keyboard piano harpsichord clavichord clavinet rhodes wurlitzer spinet',
  mallet: 'mallet marimba vibraphone vibes xylophone glockenspiel celesta celeste kalimba bell chime timpani tubular',
  organ: 'organ hammond',
  reed: 'reed clarinet oboe bassoon contrabassoon saxophone sax accordion harmonica melodica bandoneon duduk bagpipe shawm',
  string: 'string violin viola violoncello cello contrabass fiddle harp erhu dulcimer zither',
  synth_lead: '',
  vocal: 'vocal voice choir soprano singer',
  unknown: 'drum kick snare tom cymbal hihat hat percussion clap noise',
};

const familyOfWord = new Map<string, Family>(
  [...families, 'unknown' as const].flatMap((family) => words[family].split(' ').map((word) => [word, family] as const)),
);

/** Words that mean something else together; the first that occurs decides. */
const together: readonly (readonly [RegExp, Family])[] = [
  [/\b(?:bass guitar|guitar bass|e bass)\b/, 'bass'],
  [/\b(?:english horn|cor anglais|mouth organ)\b/, 'reed'],
  [/\b(?:steel drum|steel pan|thumb piano)s?\b/, 'mallet'],
  [/\bsynth leads?\b/, 'synth_lead'],
  [/\bdouble bass(?:es)?\b/, 'string'],
];

const familyOfPart = (part: string): Family | undefined => {
  const plain = part.toLowerCase().match(/\p{L}+/gu) ?? [];
  const phrase = plain.join(' ');
  const joined = together.find(([expression]) => expression.test(phrase));
  if (joined !== undefined) return joined[1];
  // The last noun says what it is, those before it which one: a bass clarinet is a clarinet.
  for (const word of plain.toReversed()) {
    const family = familyOfWord.get(word) ?? familyOfWord.get(word.replace(/s$/, ''));
    if (family !== undefined) return family;
  }
  return undefined;
};

/**
 * NSynth's family of an instrument, from the words of a path; the parts nearest to the sound count first.
 *
 * @param parts folders and name
 */
export function familyOfPath(parts: readonly string[]): Family {
  for (const part of parts.toReversed()) {
    const family = familyOfPart(part);
    if (family !== undefined) return family;
  }
  return 'unknown';
}
