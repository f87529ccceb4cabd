import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ArgumentError } from './errors.js';
import { IdLookup } from './id-lookup.js';
import { Mismatch, parseLabels } from './labels.js';
import type { Note } from './note.js';
import { StringColumn } from './string-column.js';
import { checkSamples, encodeWav } from './wav.js';

/** A note to write: its audio and its labels under NSynth's names. */
export type WritableNote = Pick<Note, 'audio' | 'metadata'>;

/** Refuses what the reader would refuse, before it is on disk. */
export function checkedAudio({ audio, metadata }: WritableNote): Float32Array {
  try {
    parseLabels(metadata);
    if (audio.shape.length !== 1 || audio.size === 0)
      throw new Mismatch(`expected audio of shape [samples], found [${audio.shape.join(', ')}]`);
    const samples =
      audio.stride[0] === 1
        ? audio.data.subarray(audio.offset, audio.offset + audio.size)
        : Float32Array.from({ length: audio.size }, (_, i) => audio.get(i));
    checkSamples(samples);
    return samples;
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    throw new ArgumentError(`write: note ${JSON.stringify(metadata.note_str)}: ${error.message}`, metadata.note_str);
  }
}

/**
 * Writes notes as NSynth's json+wav: `examples.json` and `audio/<note_str>.wav`, 16 bits. `examples.json` appears when every note is
 * written.
 *
 * @param folder made if missing; must not hold a collection yet
 * @returns number of notes
 */
export async function writeJsonWav(
  folder: string,
  notes: AsyncIterable<WritableNote> | Iterable<WritableNote>,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<number> {
  const listing = join(folder, 'examples.json');
  if ((await stat(listing).catch(() => undefined)) !== undefined)
    throw new ArgumentError(
      `writeJsonWav: expected a folder without examples.json, found one in ${folder}. Choose another folder`,
      folder,
    );
  await mkdir(join(folder, 'audio'), { recursive: true });
  const temporary = `${listing}.partial`;
  const handle = await open(temporary, 'w');
  const ids = new StringColumn();
  const seen = new IdLookup(ids);
  try {
    await handle.write('{');
    for await (const note of notes) {
      signal?.throwIfAborted();
      const { metadata } = note;
      const samples = checkedAudio(note);
      ids.push(metadata.note_str);
      if (!seen.add(ids.length - 1))
        throw new ArgumentError(`writeJsonWav: expected every note once, found ${metadata.note_str} again`, metadata.note_str);
      await writeFile(join(folder, 'audio', `${metadata.note_str}.wav`), encodeWav(samples, metadata.sample_rate));
      const body = JSON.stringify(metadata, undefined, 4).replaceAll('\n', '\n    ');
      await handle.write(`${ids.length > 1 ? ',' : ''}\n    ${JSON.stringify(metadata.note_str)}: ${body}`);
    }
    await handle.write('\n}\n');
    await handle.close();
    await rename(temporary, listing);
    return ids.length;
  } finally {
    await handle.close().catch(() => undefined);
    await rm(temporary, { force: true });
  }
}
