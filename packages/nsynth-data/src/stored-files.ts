import { join } from 'node:path';
import { decodeNote, type NoteRequest } from './decode-note.js';
import { readWhole } from './plain-file.js';

/** A file notes lie in, or the folder whose `audio/<id>.wav` they are. */
export interface StoredFile {
  readonly kind: 'folder';
  readonly path: string;
}

/** Reads notes from their places; opens files when first needed. */
export class StoredFiles {
  readonly #files: readonly StoredFile[];

  constructor(files: readonly StoredFile[]) {
    this.#files = files;
  }

  /** Samples of one note, checked against the index. */
  async audio(request: NoteRequest): Promise<Float32Array> {
    const file = this.#files[request.place.file] as StoredFile;
    const path = join(file.path, 'audio', `${request.id}.wav`);
    return decodeNote(await readWhole(path, { limit: request.place.length, record: request.id }), request, path);
  }

  async close(): Promise<void> {}
}
