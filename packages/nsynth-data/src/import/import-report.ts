import type { MiddleC } from './naming-custom.js';

/** What became of one file. */
export type ImportEntry =
  | {
      readonly file: string;
      readonly status: 'imported';
      /** `note_str` of the note made of it. */
      readonly id: string;
      readonly pitch: number;
      /** `file`: a sampler's root key in it. */
      readonly pitchFrom: 'sidecar' | 'name' | 'file' | 'measured';
      /** What was measured, with a confidence from 0 to 1; not where a sidecar has the pitch. */
      readonly measured?: { readonly pitch: number; readonly confidence: number };
      /** Peak of the sound as it was. */
      readonly peak: number;
      /** In words, what was changed. */
      readonly done: readonly string[];
      /** In words, what contradicts what. */
      readonly warnings: readonly string[];
    }
  | { readonly file: string; readonly status: 'refused'; readonly reason: string };

export interface ImportReport {
  readonly imported: number;
  readonly refused: number;
  /** The octave of middle C in the names, where it was found not to be 4. */
  readonly middleC?: MiddleC;
  /** In words, what concerns the collection: a table's rows without a file, an octave that was guessed. */
  readonly warnings: readonly string[];
  /** Every file of the folder, in the order of their paths. */
  readonly files: readonly ImportEntry[];
}
