import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sharedPath } from './shared.js';
import { parseReferenceWav } from './wav.js';

export interface RecordedNote {
  /** As NSynth names notes: `reed_acoustic_871-060-100`. */
  readonly id: string;
  readonly pitch: number;
  readonly family: string;
}

type Examples = Record<string, { readonly pitch: number; readonly instrument_family_str: string }>;

const notesIn = (folder: string): RecordedNote[] =>
  Object.entries(JSON.parse(readFileSync(join(folder, 'examples.json'), 'utf8')) as Examples).map(
    ([id, { pitch, instrument_family_str: family }]) => ({ id, pitch, family }),
  );
const readFrom =
  (folder: string) =>
  (id: string): Float32Array =>
    parseReferenceWav(readFileSync(join(folder, 'audio', `${id}.wav`)));

/** Ten four-second notes of ten instruments at 16 kHz, in NSynth's layout, rendered from FluidR3 GM: a folder of the repository. */
export const noteFolder: string = fileURLToPath(new URL('../notes/', import.meta.url));

/** Samples of one of these notes. */
export const readNote: (id: string) => Float32Array = readFrom(noteFolder);

/** The notes of {@link noteFolder}. */
export const recordedNotes = (): RecordedNote[] => notesIn(noteFolder);

export interface Collection {
  /** For the names of suites. */
  readonly name: string;
  readonly notes: readonly RecordedNote[];
  readonly read: (id: string) => Float32Array;
}

const collection = (name: string, folder: string): Collection => ({ name, notes: notesIn(folder), read: readFrom(folder) });

/** The 39 one-second notes of the command line's demo: 13 pitches of three instruments. */
export const demoNotes = (): Collection =>
  collection("the demo's notes", fileURLToPath(new URL('../../../packages/cli/demo-notes/', import.meta.url)));

/**
 * Collections for tests that judge many notes: the demo's, and in a checkout with reference data beside it 199 four-second notes of
 * ten instruments, which cover every pitch from 24 to 84.
 */
export function collections(): readonly Collection[] {
  const larger = sharedPath('data/nsynth-mini');
  return [demoNotes(), ...(existsSync(join(larger, 'examples.json')) ? [collection('ten instruments', larger)] : [])];
}
