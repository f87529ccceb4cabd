import { systemCodeOf } from '@gansynth/common/errors';
import { breathe } from '@gansynth/common/breathe';
import { replaceFile } from '@gansynth/common/node';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32c } from '../crc32c.js';
import { BadFileError } from '../errors.js';
import { removeLeftBehind, temporaryFor } from '../files/temporary-file.js';
import { type Attachment, listingMember, listingName } from '../formats/write-json-wav.js';
import type { NSynthMetadata } from '../notes/note.js';
import { soundOf } from './make-share.js';

/** A note of a share, named. */
export interface JoinedNote {
  readonly metadata: NSynthMetadata;
  /** Where its share lies, and its number there. */
  readonly place: string;
  readonly at: number;
  /** CRC-32C of its WAV file. */
  readonly hash: number;
}

/**
 * Makes a collection of shares that are all done: gives the sounds their names and lists them. The listing comes last, so that there is no collection
 * before it is whole. It may be broken off and done again, and by several processes at once.
 *
 * @param places of all shares
 * @param notes in the order of the undivided work
 * @returns number of notes; where there are none, no collection is made
 * @throws BadFileError if a sound of a share is gone
 */
export async function joinShares(
  folder: string,
  places: readonly string[],
  notes: Iterable<JoinedNote>,
  { signal, attachment }: { readonly signal?: AbortSignal | undefined; readonly attachment?: Attachment } = {},
): Promise<number> {
  const listing = join(folder, listingName);
  const isWhole = (): boolean => existsSync(listing);
  let count = 0;
  if (isWhole()) {
    for (const _ of notes) count++;
    await clear(listing, places);
    return count;
  }
  await mkdir(join(folder, 'audio'), { recursive: true });
  const temporary = temporaryFor(listing);
  const handle = await open(temporary.path, 'wx');
  try {
    await handle.appendFile('{');
    for (const note of notes) {
      await breathe(signal);
      if (!(await named(folder, note)) && !isWhole()) throw gone(note);
      await handle.appendFile(listingMember(note.metadata, count === 0));
      count++;
    }
    await handle.appendFile('\n}\n');
    await handle.sync();
    await handle.close();
    if (count === 0) return 0;
    if (attachment !== undefined) await replaceFile(join(folder, attachment.name), attachment.content(count));
    await rename(temporary.path, listing);
    await clear(listing, places);
    return count;
  } finally {
    await handle.close().catch(() => undefined);
    await rm(temporary.path, { force: true });
    temporary.done();
  }
}

/** Gives a sound its name; false if it is neither where its share left it nor there. */
async function named(folder: string, { metadata, place, at, hash }: JoinedNote): Promise<boolean> {
  const to = join(folder, 'audio', `${metadata.note_str}.wav`);
  try {
    await rename(soundOf(place, at), to);
    return true;
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw error;
  }
  // Named before, by a process that was broken off or one that does the same now.
  const bytes = await readFile(to).catch(() => undefined);
  return bytes !== undefined && crc32c(bytes) === hash;
}

const gone = ({ place, at, metadata }: JoinedNote): BadFileError =>
  new BadFileError({
    file: soundOf(place, at),
    record: metadata.note_str,
    reason: `expected the sound that this share made, found none. Remove ${place}.json, and give the share's command again`,
  });

/**
 * What became notes has gone from the shares; what did not is of no use, nor is the half listing of a join that was killed. The markers of the shares
 * stay: they tell that all is done.
 */
async function clear(listing: string, places: readonly string[]): Promise<void> {
  await removeLeftBehind(listing);
  for (const place of places) await rm(place, { recursive: true, force: true });
}
