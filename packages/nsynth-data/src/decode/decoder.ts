import type { NoteRequest } from './decode-note.js';
import type { StoredFile, StoredFiles } from '../files/stored-files.js';

/** Samples of a note, or why it could not be read. */
export type Decoded = Float32Array | Error;

/** Turns places into samples, here or in a pool of workers. */
export interface Decoder {
  /** Results in the order of the requests. */
  decode(files: readonly StoredFile[], requests: readonly NoteRequest[]): Promise<Decoded[]>;
}

/** Decodes in this thread. */
export const localDecoder = (stored: StoredFiles): Decoder => ({
  decode: (_, requests) => Promise.all(requests.map((request) => stored.audio(request).catch((error: Error) => error))),
});
