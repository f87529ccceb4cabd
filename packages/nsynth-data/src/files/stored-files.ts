import { join } from 'node:path';
import { decodeNote, type NoteRequest } from '../decode/decode-note.js';
import { type CheckpointParts, Checkpoints } from './gzip-checkpoints.js';
import { GzipFile } from './gzip-file.js';
import { PlainFile, readWhole } from './plain-file.js';

/** A file notes lie in, or the folder whose `audio/<id>.wav` they are. Can be sent to a worker. */
export type StoredFile =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'plain'; readonly path: string }
  | { readonly kind: 'gzip'; readonly path: string; readonly checkpoints: CheckpointParts };

/** Reads notes from their places; opens files when first needed. */
export class StoredFiles {
  readonly #files: readonly StoredFile[];
  readonly #open = new Map<number, PlainFile | GzipFile>();

  constructor(files: readonly StoredFile[]) {
    this.#files = files;
  }

  /** Samples of one note, checked against the index. */
  async audio(request: NoteRequest): Promise<Float32Array> {
    const file = this.#files[request.place.file]!;
    if (file.kind === 'folder') {
      const path = join(file.path, 'audio', `${request.id}.wav`);
      return decodeNote(await readWhole(path, { limit: request.place.length, record: request.id }), request, path);
    }
    let opened = this.#open.get(request.place.file);
    if (opened === undefined) {
      opened = file.kind === 'plain' ? new PlainFile(file.path) : new GzipFile(file.path, Checkpoints.from(file.checkpoints));
      this.#open.set(request.place.file, opened);
    }
    const { offset, length } = request.place;
    return opened.read(offset, length, (bytes) => decodeNote(bytes, request, file.path));
  }

  async close(): Promise<void> {
    const opened = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(opened.map((file) => file.close()));
  }
}
