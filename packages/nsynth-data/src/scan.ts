import type { Rejections } from './rejections.js';
import type { NoteTable } from './note-table.js';
import type { StoredFile } from './stored-files.js';

/** How far the reading of a collection has come. */
export interface IndexProgress {
  readonly type: 'indexing';
  readonly notes: number;
  readonly rejected: number;
  /** Bytes read so far. */
  readonly bytes: number;
}

/** What every reader of a collection is given. */
export interface ScanContext {
  /** Hz; a note of another rate is refused. */
  readonly sampleRate: number;
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
