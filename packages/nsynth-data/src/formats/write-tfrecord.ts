import { checkOptions } from '../check-options.js';
import { open, rename, rm } from 'node:fs/promises';
import { leftBehind, temporaryFor } from '../files/temporary-file.js';
import { encodeExampleNote } from './example-note.js';
import { encodeTFRecord } from './tfrecord.js';
import { completeNote, type WritableNote } from './write-json-wav.js';

/**
 * Writes notes as NSynth's TFRecord: one tf.train.Example a note, audio as floats. The file appears when it is whole.
 *
 * @param path replaced if there is one; several processes may write it at once
 * @returns number of notes
 */
export async function writeTFRecord(
  path: string,
  notes: AsyncIterable<WritableNote> | Iterable<WritableNote>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<number> {
  checkOptions('writeTFRecord', options, { signal: true });
  const { signal } = options;
  for (const left of await leftBehind(path)) await rm(left, { force: true });
  const temporary = temporaryFor(path);
  const handle = await open(temporary.path, 'wx');
  let count = 0;
  try {
    for await (const note of notes) {
      signal?.throwIfAborted();
      const { audio, metadata } = completeNote(note);
      await handle.appendFile(encodeTFRecord(encodeExampleNote(metadata, audio)));
      count++;
    }
    await handle.close();
    await rename(temporary.path, path);
    return count;
  } finally {
    await handle.close().catch(() => undefined);
    await rm(temporary.path, { force: true });
    temporary.done();
  }
}
