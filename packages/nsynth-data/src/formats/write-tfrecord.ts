import { checkOptions } from '../check-options.js';
import { open } from 'node:fs/promises';
import { appear, removeLeftBehind } from '../files/temporary-file.js';
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
  await removeLeftBehind(path);
  return appear(path, async (temporary) => {
    const handle = await open(temporary, 'wx');
    let count = 0;
    try {
      for await (const note of notes) {
        signal?.throwIfAborted();
        const { audio, metadata } = completeNote(note);
        await handle.appendFile(encodeTFRecord(encodeExampleNote(metadata, audio)));
        count++;
      }
      await handle.close();
      return count;
    } finally {
      await handle.close().catch(() => undefined);
    }
  });
}
