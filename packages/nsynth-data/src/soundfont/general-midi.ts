import type { Family, Source } from '../notes/vocabulary.js';

/** Families of General MIDI's programs, by the first program they hold from; the last number ends the list. */
const familyRuns: readonly (readonly [first: number, family: Family])[] = [
  [0, 'keyboard'],
  [8, 'mallet'],
  [15, 'string'], // dulcimer
  [16, 'organ'],
  [20, 'reed'], // reed organ, accordions, harmonica
  [24, 'guitar'],
  [32, 'bass'],
  [40, 'string'],
  [47, 'mallet'], // timpani
  [48, 'string'],
  [52, 'vocal'],
  [55, 'unknown'], // orchestra hit
  [56, 'brass'],
  [64, 'reed'],
  [72, 'flute'],
  [80, 'synth_lead'],
  [96, 'unknown'], // effects
  [104, 'guitar'], // plucked: sitar, banjo, shamisen, koto
  [108, 'mallet'], // kalimba
  [109, 'reed'], // bagpipe
  [110, 'string'], // fiddle
  [111, 'reed'], // shanai
  [112, 'mallet'],
  [119, 'unknown'],
];

const electronic = new Set([4, 5, 16, 17, 18, 26, 27, 28, 29, 30, 31, 33, 34, 35, 36, 37]);
const synthetic = new Set([38, 39, 50, 51, 54, 62, 63]);

/** NSynth's family for a General MIDI program, 0 to 127. */
export const familyOfProgram = (program: number): Family => familyRuns.findLast(([first]) => program >= first)?.[1] ?? 'unknown';

/** How the instrument of a General MIDI program makes its sound. */
export function sourceOfProgram(program: number): Source {
  if (electronic.has(program)) return 'electronic';
  return synthetic.has(program) || (program >= 80 && program <= 103) ? 'synthetic' : 'acoustic';
}
