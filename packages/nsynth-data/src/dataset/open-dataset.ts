import { systemCodeOf } from '@gansynth/common/errors';
import type { OptionNames } from '@gansynth/common/check-options';
import { sharesFolder } from '@gansynth/common/node';
import { checkOptions } from '../check-options.js';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type Dataset, datasetOf } from './dataset.js';
import { ArgumentError, BadFileError } from '../errors.js';
import { type IndexContent, readIndex, writeIndex } from '../table/index-file.js';
import { isRecordsName, missingShards } from '../scan/record-files.js';
import { type OnBadNote, Rejections } from '../scan/rejections.js';
import { ExpectedRate, type IndexProgress, type ScanContext } from '../scan/scan.js';
import { scanFiles } from '../scan/scan-files.js';
import { scanFolder } from '../scan/scan-folder.js';

export interface OpenOptions {
  /**
   * Where the index is kept: a path; `true` for beside the data, unless their folder is not to be written to; `false` for nowhere,
   * so that the data are read through at every opening. Default `true`.
   */
  readonly index?: boolean | string;
  /** Ignore an index that is there. Default false. */
  readonly reindex?: boolean;
  /** `throw`: the first bad note ends the reading. `skip`: bad notes are counted and listed in `rejected`. Default `throw`. */
  readonly onBadNote?: OnBadNote;
  /** Hz; notes of another rate are refused. `first`: that of the first note, which all others must have. Default 16000. */
  readonly sampleRate?: number | 'first';
  /** A note that takes more bytes than this is refused. Default 64 MiB. */
  readonly maxNoteBytes?: number;
  readonly onProgress?: (event: IndexProgress) => void;
  readonly signal?: AbortSignal;
}

/** Their names, each once. */
export const openOptionNames: OptionNames<OpenOptions> = {
  index: true,
  reindex: true,
  onBadNote: true,
  sampleRate: true,
  maxNoteBytes: true,
  onProgress: true,
  signal: true,
};

/** What is to be read, and where its index belongs. */
interface Collection {
  readonly folder?: string;
  readonly files?: readonly string[];
  readonly index: string;
  /** What should lie there and does not. */
  readonly missing?: readonly BadFileError[];
}

const unjoined =
  ', but with shares of a collection that is not whole before all of them are made. Give the commands of the others';

async function collectionAt(path: string | readonly string[]): Promise<Collection> {
  const paths = typeof path === 'string' ? [path] : path;
  const [first] = paths;
  const fail = (found: string): ArgumentError =>
    new ArgumentError(
      `openDataset: expected a folder with examples.json or .tfrecord files, or files that are .tfrecord, .tar or .tar.gz, found ${found}`,
      path,
    );
  if (first === undefined) throw fail('no path');
  if (typeof path === 'string') {
    const stats = await stat(path).catch(() => undefined);
    if (stats === undefined) throw fail(`nothing at ${path}`);
    if (stats.isDirectory()) {
      const names = await readdir(path);
      const index = join(path, 'nsynth-index.bin');
      if (names.includes('examples.json')) return { folder: path, index };
      const files = names.filter(isRecordsName).sort();
      if (files.length === 0) throw fail(`the folder ${path} without either${names.includes(sharesFolder) ? unjoined : ''}`);
      const missing = missingShards(files).map(({ name, reason }) => new BadFileError({ file: join(path, name), reason }));
      return { files: files.map((name) => join(path, name)), index, missing };
    }
  }
  if (paths.length > 65_535) throw fail(`${paths.length} files; at most 65535 can be opened together`);
  return { files: paths, index: `${first}.nsynth-index.bin` };
}

/** A folder without any permission to write is left alone even by those who could. */
async function mayWriteBeside(path: string): Promise<boolean> {
  const stats = await stat(dirname(resolve(path)));
  return (stats.mode & 0o222) !== 0;
}

/**
 * Opens a collection of notes: NSynth as published or anything in its formats. The first time everything is read once, checked and
 * indexed; later the index is read and the data are touched only where notes are asked for.
 *
 * @param path a folder with `examples.json` and `audio/`, a folder of `.tfrecord` or `.tfrecord.gz` files, all shards of them, or one or several `.tfrecord`, `.tar` or
 * `.tar.gz` files; for files the content decides, not the name
 * @throws BadNoteError or BadFileError, naming file, record and offset, unless `onBadNote` is `skip`
 */
export async function openDataset(path: string | readonly string[], options: OpenOptions = {}): Promise<Dataset> {
  checkOptions('openDataset', options, openOptionNames);

  const {
    index = true,
    reindex = false,
    onBadNote = 'throw',
    sampleRate = 16000,
    maxNoteBytes = 1 << 26,
    signal,
    onProgress,
  } = options;
  if (onBadNote !== 'throw' && onBadNote !== 'skip')
    throw new ArgumentError(`openDataset: expected onBadNote 'throw' or 'skip', found ${JSON.stringify(onBadNote)}`, onBadNote);
  if (sampleRate !== 'first' && !(sampleRate >= 1))
    throw new ArgumentError(`openDataset: expected sampleRate in Hz, found ${sampleRate}`, sampleRate);
  if (!(maxNoteBytes >= 1 && maxNoteBytes <= 2 ** 31 - 1))
    throw new ArgumentError(`openDataset: expected maxNoteBytes from 1 to ${2 ** 31 - 1}, found ${maxNoteBytes}`, maxNoteBytes);
  const collection = await collectionAt(path);
  const indexPath = typeof index === 'string' ? index : collection.index;
  const named = typeof path === 'string' ? path : path[0]!;

  if (index !== false && !reindex) {
    const stored = await readIndex(indexPath);
    if (
      stored !== undefined &&
      (sampleRate === 'first' ? stored.table.length > 0 : stored.sampleRate === sampleRate) &&
      describes(stored, collection) &&
      (onBadNote === 'skip' || stored.rejected.bad === 0)
    ) {
      const { count, bad, faults } = stored.rejected;
      return datasetOf({ path: named, ...stored, rejections: new Rejections(onBadNote, { count, faults }, bad) });
    }
  }

  const rejections = new Rejections(onBadNote);
  for (const error of collection.missing ?? []) rejections.add(error);
  const rate = new ExpectedRate(sampleRate);
  const context: ScanContext = { rate, maxNoteBytes, rejections, signal, onProgress };
  const scanned =
    collection.folder === undefined
      ? await scanFiles(collection.files ?? [], context)
      : await scanFolder(collection.folder, context);
  if (scanned.table.length === 0 && rejections.count === 0)
    throw new BadFileError({ file: named, reason: 'expected notes, found none' });
  const { count, bad, faults } = rejections;
  const content: IndexContent = { ...scanned, sampleRate: rate.assumed, rejected: { count, bad, faults } };
  if (typeof index === 'string' || (index && (await mayWriteBeside(indexPath)))) await store(indexPath, content, index);
  return datasetOf({ path: named, ...content, rejections });
}

/** True if the index is of these very files. */
function describes({ files }: IndexContent, { folder, files: paths }: Collection): boolean {
  const wanted = folder === undefined ? (paths ?? []) : [folder];
  return files.length === wanted.length && files.every(({ path }, position) => resolve(path) === resolve(wanted[position]!));
}

/** What a system says where nothing can be written: no right to, no room, no quota, no name of that length. */
const noPlace: ReadonlySet<string> = new Set(['EACCES', 'EROFS', 'EPERM', 'ENOSPC', 'EDQUOT', 'EFBIG', 'ENAMETOOLONG']);

async function store(path: string, content: IndexContent, index: boolean | string): Promise<void> {
  try {
    await writeIndex(path, content);
  } catch (cause) {
    const code = systemCodeOf(cause);
    // Beside the data it is a convenience; where the caller asked for it, it is a promise.
    if (index === true && code !== undefined && noPlace.has(code)) return;
    throw new BadFileError(
      {
        file: path,
        reason: `expected to write the index of ${basename(path)} here, found ${code ?? String(cause)}. Name another place for it (index)`,
      },
      { cause },
    );
  }
}
