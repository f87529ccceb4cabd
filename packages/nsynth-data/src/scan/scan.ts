import { Mismatch } from '../notes/labels.js';
import type { Rejections } from './rejections.js';
import type { NoteTable } from '../table/note-table.js';
import type { StoredFile } from '../files/stored-files.js';

/** How far the reading of a collection has come. */
export interface IndexProgress {
  readonly type: 'indexing';
  readonly notes: number;
  readonly rejected: number;
  /** Bytes read so far. */
  readonly bytes: number;
}

/** The rate that all notes of a collection must have: said beforehand, or that of the first note. */
export class ExpectedRate {
  #hertz: number | undefined;

  constructor(hertz: number | 'first') {
    this.#hertz = hertz === 'first' ? undefined : hertz;
  }

  /** Undefined as long as nothing was said and no note was seen. */
  get hertz(): number | undefined {
    return this.#hertz;
  }

  /** For notes that do not say theirs. */
  get assumed(): number {
    return this.#hertz ?? 16000;
  }

  /** @throws Mismatch */
  check(found: number): void {
    this.#hertz ??= found;
    if (found !== this.#hertz)
      throw new Mismatch(
        `expected sample_rate ${this.#hertz}, found ${found}. Open the collection at ${found} Hz, or convert its sounds by an import`,
      );
  }
}

/** What every reader of a collection is given. */
export interface ScanContext {
  /** A note of another rate is refused. */
  readonly rate: ExpectedRate;
  /** Longest note, in bytes as stored. */
  readonly maxNoteBytes: number;
  readonly rejections: Rejections;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((event: IndexProgress) => void) | undefined;
}

/** What every reader of a collection finds. */
export interface Scanned {
  readonly table: NoteTable;
  readonly files: readonly StoredFile[];
}
