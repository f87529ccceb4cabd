import { checkOptions } from '../check-options.js';
import { open, rename, rm } from 'node:fs/promises';
import { encodeExampleNote } from './example-note.js';
import { encodeTFRecord } from './tfrecord.js';
import { completeNote, type WritableNote } from './write-json-wav.js';

/**
 * Writes notes as NSynth's TFRecord: one tf.train.Example a note, audio as floats. The file appears when it is whole.
 *
 * @param path replaced if there is one
 * @returns number of notes
 */
export async function writeTFRecord(
  path: string,
  notes: AsyncIterable<WritableNote> | Iterable<WritableNote>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<number> {
  checkOptions('writeTFRecord', options, { signal: true });
  const { signal } = options;
  const temporary = `${path}.partial`;
  const handle = await open(temporary, 'w');
  let count = 0;
  try {
    for await (const note of notes) {
      signal?.throwIfAborted();
      const { audio, metadata } = completeNote(note);
      await handle.appendFile(encodeTFRecord(encodeExampleNote(metadata, audio)));
      count++;
    }
    await handle.close();
    await rename(temporary, path);
    return count;
  } finally {
    await handle.close().catch(() => undefined);
    await rm(temporary, { force: true });
  }
}
