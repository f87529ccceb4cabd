import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dataset, datasetOf } from './dataset.js';
import { ArgumentError } from './errors.js';
import { type OnBadNote, Rejections } from './rejections.js';
import type { IndexProgress, ScanContext } from './scan.js';
import { scanFolder } from './scan-folder.js';

export interface OpenOptions {
  /**
   * Where the index is kept: a path; `true` for beside the data; `false` for nowhere (the data are read through at every opening).
   * Default `true`.
   */
  readonly index?: boolean | string;
  /** Ignore an index that is there. Default false. */
  readonly reindex?: boolean;
  /** `throw`: the first bad note ends the reading. `skip`: bad notes are counted and listed in `rejected`. Default `throw`. */
  readonly onBadNote?: OnBadNote;
  /** Hz; notes of another rate are refused. Default 16000. */
  readonly sampleRate?: number;
  /** A note that takes more bytes than this is refused. Default 64 MiB. */
  readonly maxNoteBytes?: number;
  readonly onProgress?: (event: IndexProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Opens a collection of notes.
 *
 * @param path a folder with `examples.json` and `audio/`
 * @throws BadNoteError or BadFileError, naming file, record and offset, unless `onBadNote` is `skip`
 */
export async function openDataset(path: string, options: OpenOptions = {}): Promise<Dataset> {
  const { onBadNote = 'throw', sampleRate = 16000, maxNoteBytes = 1 << 26, signal, onProgress } = options;
  if (onBadNote !== 'throw' && onBadNote !== 'skip')
    throw new ArgumentError(`openDataset: expected onBadNote 'throw' or 'skip', found ${JSON.stringify(onBadNote)}`, onBadNote);
  const rejections = new Rejections(onBadNote);
  const context: ScanContext = { sampleRate, maxNoteBytes, rejections, signal, onProgress };
  const stats = await stat(path).catch(() => undefined);
  const isListed =
    stats?.isDirectory() === true && (await stat(join(path, 'examples.json')).catch(() => undefined)) !== undefined;
  if (!isListed) throw new ArgumentError(`openDataset: expected a folder with examples.json, found ${path}`, path);
  const { table, files } = await scanFolder(path, context);
  return datasetOf({ path, sampleRate, table, files, rejections });
}
