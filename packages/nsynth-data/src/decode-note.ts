import { BadNoteError } from './errors.js';
import { crc32c } from './crc32c.js';
import { Mismatch } from './labels.js';
import type { NotePlace } from './note-table.js';
import { wavChannel, wavLayout } from './wav.js';

/** One note to read and decode, in a form that can be sent to a worker. */
export interface NoteRequest {
  readonly id: string;
  /** Hz, as the labels say. */
  readonly sampleRate: number;
  readonly place: NotePlace;
}

/**
 * Audio of a WAV note.
 *
 * @throws Mismatch unless it is mono at `sampleRate`
 */
export function decodeWavNote(bytes: Uint8Array, sampleRate: number): Float32Array {
  const layout = wavLayout(bytes);
  if (layout.channels !== 1 || layout.sampleRate !== sampleRate) {
    const channels = layout.channels === 1 ? 'mono' : layout.channels === 2 ? 'stereo' : `${layout.channels} channels`;
    throw new Mismatch(
      `expected ${sampleRate} Hz mono as its labels say, found ${layout.sampleRate} Hz ${channels}. Convert the sounds first: importFolder`,
    );
  }
  return wavChannel(bytes, layout);
}

/**
 * Audio of a stored note, checked against what the index knows.
 *
 * @param bytes what lies at the note's place
 * @param file for errors
 */
export function decodeNote(bytes: Uint8Array, { id, sampleRate, place }: NoteRequest, file: string): Float32Array {
  const fail = (reason: string, cause?: unknown): never => {
    throw new BadNoteError({ file, record: id, offset: place.offset, reason }, { cause });
  };
  if (bytes.length !== place.length || crc32c(bytes) !== place.hash)
    fail('expected the bytes that were indexed, found others: the data changed. Open the dataset again with reindex: true');
  try {
    const audio = decodeWavNote(bytes, sampleRate);
    if (audio.length !== place.samples) fail(`expected ${place.samples} samples, found ${audio.length}`);
    return audio;
  } catch (error) {
    if (error instanceof Mismatch) return fail(error.message, error);
    throw error;
  }
}
