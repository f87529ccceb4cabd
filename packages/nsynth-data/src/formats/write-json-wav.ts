import { checkOptions } from '../check-options.js';
import { type FileHandle, mkdir, open, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { NdArray } from 'ndarray';
import { ArgumentError } from '../errors.js';
import { IdLookup } from '../table/id-lookup.js';
import { Mismatch, parseLabels, toMetadata } from '../notes/labels.js';
import type { NSynthMetadata } from '../notes/note.js';
import { StringColumn } from '../table/string-column.js';
import { temporaryFor } from '../files/temporary-file.js';
import { removeUnfinished } from './unfinished-collection.js';
import { checkSamples } from '../notes/check-samples.js';
import { encodeWav } from './wav.js';

type Needed = 'note_str' | 'pitch' | 'velocity' | 'sample_rate' | 'instrument_family_str' | 'instrument_source_str';

/** A note to write. A note that was read can be written as it is. */
export interface WritableNote {
  /** [samples], mono, full scale at -1 and 1. */
  readonly audio: NdArray<Float32Array> | Float32Array;
  /** NSynth's fields. What is left out is 0, empty, or for the instrument's name the note's without pitch and velocity. */
  readonly metadata: Pick<NSynthMetadata, Needed> & Partial<NSynthMetadata>;
}

function flat(audio: NdArray<Float32Array> | Float32Array): Float32Array {
  if (audio instanceof Float32Array) return audio;
  if (audio.shape.length !== 1) throw new Mismatch(`expected audio of shape [samples], found [${audio.shape.join(', ')}]`);
  if (audio.stride[0] === 1) return audio.data.subarray(audio.offset, audio.offset + audio.size);
  return Float32Array.from({ length: audio.size }, (_, index) => audio.get(index));
}

/**
 * A note in full, refused here if the reader would refuse it later.
 *
 * @throws ArgumentError
 */
export function completeNote({ audio, metadata }: WritableNote): {
  readonly audio: Float32Array;
  readonly metadata: NSynthMetadata;
} {
  try {
    const complete = toMetadata(parseLabels(metadata));
    const samples = flat(audio);
    if (samples.length === 0) throw new Mismatch('expected samples, found none');
    checkSamples(samples);
    return { audio: samples, metadata: complete };
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    throw new ArgumentError(`write: note ${JSON.stringify(metadata.note_str)}: ${error.message}`, metadata.note_str);
  }
}

/** A member of `examples.json`, with what stands before it: what `idsIn` of unfinished collections reads, line by line. */
export function listingMember(metadata: NSynthMetadata, isFirst: boolean): string {
  const body = JSON.stringify(metadata, undefined, 4).replaceAll('\n', '\n    ');
  return `${isFirst ? '' : ','}\n    ${JSON.stringify(metadata.note_str)}: ${body}`;
}

interface WriteOptions {
  readonly signal?: AbortSignal | undefined;
}

/** A file that belongs to the collection, by its name in it; written when the notes are. */
export interface Attachment {
  readonly name: string;
  readonly content: (notes: number) => string;
}

/**
 * Writes notes as NSynth's json+wav: `examples.json` and `audio/<note_str>.wav`, 16 bits. `examples.json` appears when every note is
 * written. Where that does not come about, or there are no notes, nothing is left behind; what a process that was killed left of a
 * collection in the same folder is removed first.
 *
 * @param folder made if missing; must not hold a collection yet
 * @returns number of notes
 */
export function writeJsonWav(
  folder: string,
  notes: AsyncIterable<WritableNote> | Iterable<WritableNote>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<number> {
  checkOptions('writeJsonWav', options, { signal: true });
  return writeCollection(folder, notes, options);
}

/** What lists the notes of a folder; a folder without is no collection yet. */
export const listingName = 'examples.json';

/** @throws ArgumentError if the folder holds a collection */
export async function checkNoCollection(folder: string): Promise<void> {
  if ((await stat(join(folder, listingName)).catch(() => undefined)) !== undefined)
    throw new ArgumentError(
      `writeJsonWav: expected a folder without examples.json, found one in ${folder}. Choose another folder`,
      folder,
    );
}

/** `writeJsonWav`, with a file beside the listing that is there before it, so that the two come about together or not at all. */
export async function writeCollection(
  folder: string,
  notes: AsyncIterable<WritableNote> | Iterable<WritableNote>,
  { signal, attachment }: WriteOptions & { readonly attachment?: Attachment } = {},
): Promise<number> {
  const listing = join(folder, listingName);
  await checkNoCollection(folder);
  const madeFirst = await mkdir(join(folder, 'audio'), { recursive: true });
  const soundOf = (id: string): string => join(folder, 'audio', `${id}.wav`);
  const temporary = temporaryFor(listing);
  const ids = new StringColumn();
  const seen = new IdLookup(ids);
  const attached = attachment === undefined ? undefined : join(folder, attachment.name);
  let [isWhole, isAttached] = [false, false];
  let handle: FileHandle | undefined;
  try {
    await removeUnfinished(listing, soundOf);
    handle = await open(temporary.path, 'wx');
    await handle.appendFile('{');
    for await (const note of notes) {
      signal?.throwIfAborted();
      const { audio, metadata } = completeNote(note);
      ids.push(metadata.note_str);
      if (!seen.add(ids.length - 1))
        throw new ArgumentError(`writeJsonWav: expected every note once, found ${metadata.note_str} again`, metadata.note_str);
      // Listed before it is there: whoever clears up after a process that was killed finds every sound by its name.
      await handle.appendFile(listingMember(metadata, ids.length === 1));
      await writeFile(soundOf(metadata.note_str), encodeWav(audio, metadata.sample_rate));
    }
    await handle.appendFile('\n}\n');
    await handle.close();
    if (ids.length > 0) {
      if (attachment !== undefined && attached !== undefined) {
        isAttached = true;
        await writeFile(attached, attachment.content(ids.length));
      }
      await rename(temporary.path, listing);
      isWhole = true;
    }
    return ids.length;
  } finally {
    await handle?.close().catch(() => undefined);
    await rm(temporary.path, { force: true });
    temporary.done();
    if (!isWhole) {
      for (let row = 0; row < ids.length; row++) await rm(soundOf(ids.get(row)), { force: true });
      if (attached !== undefined && isAttached) await rm(attached, { force: true });
      await removeEmpty(folder, madeFirst);
    }
  }
}

/** Takes back the folders that were made, from `audio` up, as far as they are empty. */
async function removeEmpty(folder: string, madeFirst: string | undefined): Promise<void> {
  if (madeFirst === undefined) return;
  for (let at = resolve(folder, 'audio'); at.length >= resolve(madeFirst).length; at = dirname(at)) {
    try {
      await rmdir(at);
    } catch {
      return;
    }
  }
}
