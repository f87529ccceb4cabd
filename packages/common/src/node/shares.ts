import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { defineErrors, GansynthError } from '../errors.js';
import { parseJson } from '../json.js';
import { replaceFile } from './durable-file.js';

/** One of several machines' part of a work. */
export interface Share {
  /** From 0. */
  readonly index: number;
  readonly of: number;
}

/** The share of `count` things in a row, from one to before another: all shares together are all of them, in order. */
export const rangeOfShare = ({ index, of }: Share, count: number): readonly [from: number, to: number] => [
  Math.floor((index * count) / of),
  Math.floor(((index + 1) * count) / of),
];

/** Everything that decides what the undivided work gives, by name: in words, or as a hash. */
export type Work = Readonly<Record<string, string>>;

const define = defineErrors('common', '');

/** A folder holds shares of another division, or of another work. */
export class ShareError extends GansynthError {
  static {
    define(this, 'ShareError', 'usage');
  }

  constructor(
    message: string,
    /** The share that is in the way. */
    readonly found: Share,
  ) {
    super(message);
  }
}

/** Where, in the folder that they write to, shares say that they were begun, and done. */
export const sharesFolder = '.shares';

interface Marker {
  readonly work: Work;
  /** Present when the share is done: its files, from the folder. */
  readonly files?: readonly string[];
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
const isWork = (value: unknown): value is Work => typeof value === 'object' && value !== null && isTexts(Object.values(value));

function read(path: string): Marker | undefined {
  try {
    const found = parseJson(readFileSync(path, 'utf8'));
    if (typeof found !== 'object' || found === null || !('work' in found) || !isWork(found.work)) return undefined;
    return 'files' in found && isTexts(found.files) ? { work: found.work, files: found.files } : { work: found.work };
  } catch {
    return undefined;
  }
}

/** What in two works is not the same. */
export const differencesOf = (a: Work, b: Work): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => a[name] !== b[name]);

/** A name for what a share has not finished; with `.json`, its marker. */
const placeOfShare = (folder: string, { index, of }: Share): string => join(folder, sharesFolder, `${index}-of-${of}`);

/** Whether a share was begun in a folder. */
export const isBegun = (folder: string, share: Share): boolean => existsSync(`${placeOfShare(folder, share)}.json`);

/** A share that is about to begin, or was done before. */
export interface OpenShare {
  /** Files of the share if it was done before and they are all there: nothing is left to do. */
  readonly files: readonly string[] | undefined;
  /** A name for each share, beside the markers, for what is not whole before all shares are done; nothing is made there. */
  readonly places: readonly string[];
  /** Says that it is done. */
  done(files: readonly string[]): Promise<void>;
  /** Shares that are not done, this one included. */
  missing(): number[];
}

/**
 * Begins a share in the folder that it writes to, and leaves a marker there, so that two divisions of one work, or two works, do not mix unnoticed.
 *
 * @throws ShareError if the folder holds shares of another division, or of another work
 */
export async function openShare(folder: string, { index, of }: Share, work: Work): Promise<OpenShare> {
  const markers = join(folder, sharesFolder);
  mkdirSync(markers, { recursive: true });
  const cure = `Write to another folder, or remove ${markers} if what it tells of is to be overwritten.`;
  for (const name of readdirSync(markers)) {
    const [, other = '', division = ''] = /^(\d+)-of-(\d+)\.json$/.exec(name) ?? [];
    const marker = other === '' ? undefined : read(join(markers, name));
    if (marker === undefined) continue;
    const found = { index: Number(other), of: Number(division) };
    if (found.of !== of) {
      throw new ShareError(`${folder}: expected shares of ${of}, found share ${other} of ${division} there. ${cure}`, found);
    }
    const differences = differencesOf(work, marker.work);
    if (differences.length > 0) {
      throw new ShareError(
        `${folder}: expected shares of the same work, found share ${other} of another one (it differs in: ${differences.join(', ')}). ${cure}`,
        found,
      );
    }
  }
  const places = Array.from({ length: of }, (_, share) => placeOfShare(folder, { index: share, of }));
  const filesOf = (share: number): readonly string[] | undefined => {
    const files = read(`${places[share]}.json`)?.files?.map((file) => join(folder, file));
    return files?.every((file) => existsSync(file)) ? files : undefined;
  };
  const write = (marker: Marker): Promise<void> => replaceFile(`${places[index]}.json`, JSON.stringify(marker));
  const files = filesOf(index);
  if (files === undefined) await write({ work });
  return {
    files,
    places,
    done: (made) => write({ work, files: made.map((file) => relative(folder, file)) }),
    missing: () => [...places.keys()].filter((share) => filesOf(share) === undefined),
  };
}
