import { parseJson } from '@gansynth/common/json';
import { isBegun, openShare, replaceFile, type Share, type Work } from '@gansynth/common/node';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32c } from '../crc32c.js';
import { BadFileError } from '../errors.js';
import { appear } from '../files/temporary-file.js';
import { encodeWav } from '../formats/wav.js';
import { checkNoCollection } from '../formats/write-json-wav.js';

/** What a share keeps of a note, or of a file that became none. */
export interface KeptNote {
  /** Its place in the order of the undivided work. */
  readonly at: number;
  /** JSON: what is known of it before the others are. */
  readonly about: unknown;
  /** CRC-32C of its WAV file, if it has one. */
  readonly hash?: number;
}

/** A sound of a share, where it waits for its name. */
export const soundOf = (place: string, at: number): string => join(place, `${at}.wav`);

const listingOf = (place: string): string => `${place}.notes.json`;

/** Takes notes, in any order. */
export type Keep = (
  at: number,
  about: unknown,
  sound?: { readonly audio: Float32Array; readonly sampleRate: number },
) => Promise<void>;

/** A share that is done. */
export interface DoneShare {
  /** Shares that are still to be made; without any, the whole can be joined. */
  readonly missing: readonly number[];
  /** A name for what each share keeps. */
  readonly places: readonly string[];
}

/**
 * Makes one share of a collection, unless it was made before. Its sounds lie under numbers in a hidden folder, since their names may depend on
 * notes of other shares; its listing appears when they are all there, and its marker after that.
 *
 * @param work everything that decides what the collection will be
 * @param make hands over every note of this share
 * @throws ShareError if the folder holds shares of another division or work; ArgumentError if it holds a collection that no shares have made
 */
export async function makeShare(
  folder: string,
  share: Share,
  work: Work,
  make: (keep: Keep) => Promise<void>,
): Promise<DoneShare> {
  if (!isBegun(folder, share)) await checkNoCollection(folder);
  const { files, places, done, missing } = await openShare(folder, share, work);
  if (files === undefined) {
    await checkNoCollection(folder);
    const listing = await makeAnew(places[share.index] ?? '', make);
    await done([listing]);
  }
  return { missing: missing(), places };
}

async function makeAnew(place: string, make: (keep: Keep) => Promise<void>): Promise<string> {
  await mkdir(place, { recursive: true });
  const notes: KeptNote[] = [];
  await make(async (at, about, sound) => {
    if (sound === undefined) return void notes.push({ at, about });
    const bytes = encodeWav(sound.audio, sound.sampleRate);
    // The listing, which depends on them all, is written durably, after them.
    await appear(soundOf(place, at), (temporary) => writeFile(temporary, bytes));
    notes.push({ at, about, hash: crc32c(bytes) });
  });
  await replaceFile(listingOf(place), JSON.stringify({ notes }));
  return listingOf(place);
}

const isNote = (value: unknown): value is KeptNote =>
  typeof value === 'object' &&
  value !== null &&
  'at' in value &&
  Number.isInteger(value.at) &&
  'about' in value &&
  (!('hash' in value) || typeof value.hash === 'number');

/**
 * What a done share keeps, in order.
 *
 * @throws BadFileError if its listing is damaged
 */
export async function keptNotes(place: string): Promise<readonly KeptNote[]> {
  const path = listingOf(place);
  const fail = (reason: string, cause?: unknown): BadFileError =>
    new BadFileError({ file: path, reason: `${reason}. Remove ${place}.json, and give the share's command again` }, { cause });
  let found: unknown;
  try {
    found = parseJson(await readFile(path, 'utf8'));
  } catch (cause) {
    throw fail('expected what a share keeps, found no JSON', cause);
  }
  const notes = typeof found === 'object' && found !== null && 'notes' in found ? found.notes : undefined;
  if (!Array.isArray(notes) || !notes.every(isNote)) throw fail('expected what a share keeps, found other JSON');
  return notes.toSorted((a, b) => a.at - b.at);
}
