import { crc32c } from '../crc32c.js';
import { BadNoteError } from '../errors.js';
import { exampleAudio } from '../formats/example-note.js';
import { Mismatch } from '../notes/labels.js';
import type { NotePlace } from '../table/note-table.js';
import { decodeWavNote } from '../formats/wav-note.js';

/** One note to read and decode, in a form that can be sent to a worker. */
export interface NoteRequest {
  readonly id: string;
  /** Hz, as the labels say. */
  readonly sampleRate: number;
  readonly place: NotePlace;
}

/**
 * Audio of a stored note. Its bytes must be those that were indexed, so that what was checked then need not be checked again.
 *
 * @param bytes what lies at the note's place
 * @param file for errors
 * @throws BadNoteError
 */
export function decodeNote(bytes: Uint8Array, { id, sampleRate, place }: NoteRequest, file: string): Float32Array {
  const fail = (reason: string, cause?: unknown): BadNoteError =>
    new BadNoteError({ file, record: id, offset: place.offset, reason }, { cause });
  if (bytes.length !== place.length || crc32c(bytes) !== place.hash)
    throw fail('expected the bytes that were indexed, found others: the data changed since. Have them indexed anew (reindex)');
  try {
    const audio = place.payload === 'wav' ? decodeWavNote(bytes, sampleRate) : exampleAudio(bytes, sampleRate);
    if (audio.length !== place.samples) throw new Mismatch(`expected ${place.samples} samples, found ${audio.length}`);
    return audio;
  } catch (error) {
    if (error instanceof Mismatch) throw fail(error.message, error);
    throw error;
  }
}
