import { stat, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { crc32c } from '../crc32c.js';
import type { Fault } from '../errors.js';
import { windowBytes } from '../files/gzip-checkpoints.js';
import { type Columns, bytesPerElement, columnNames, makeColumn, NoteTable } from './note-table.js';
import { readWhole } from '../files/plain-file.js';
import type { Scanned } from '../scan/scan.js';
import type { StoredFile } from '../files/stored-files.js';
import { StringColumn } from './string-column.js';
import { appear, removeLeftBehind } from '../files/temporary-file.js';

const magic = 0x494e5347; // 'GSNI', if the machine is little-endian; another one does not recognise the file and makes its own.
const version = 2;

/** A file as it was when it was indexed. */
interface FileHeader {
  readonly kind: StoredFile['kind'];
  /** From the folder of the index. */
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly checkpoints: number;
  readonly windows: number;
}

/** What a collection consists of besides its files: where it changes, something that was refused may be there or be right now. */
interface Watched {
  /** From the folder of the index. */
  readonly path: string;
  /** Undefined if there was nothing. */
  readonly size?: number;
  readonly mtimeMs?: number;
}

interface Header {
  readonly version: number;
  readonly sampleRate: number;
  readonly rows: number;
  readonly idBytes: number;
  readonly instruments: readonly string[];
  readonly files: readonly FileHeader[];
  readonly watched: readonly Watched[];
  readonly rejected: { readonly count: number; readonly bad: number; readonly faults: readonly Fault[] };
}

/** What an index holds. */
export interface IndexContent extends Scanned {
  /** Hz. */
  readonly sampleRate: number;
  readonly rejected: Header['rejected'];
}

/** The file whose change shows that a collection changed. */
const witness = ({ kind, path }: Pick<StoredFile, 'kind' | 'path'>): string =>
  kind === 'folder' ? join(path, 'examples.json') : path;

const look = async (path: string): Promise<{ size: number; mtimeMs: number } | undefined> =>
  stat(path).then(
    ({ size, mtimeMs }) => ({ size, mtimeMs }),
    () => undefined,
  );

/** The folder of the sounds, which changes when one comes or goes, and every sound that was refused. */
function pathsToWatch({ files, rejected }: Pick<IndexContent, 'files' | 'rejected'>): string[] {
  const folders = files.filter(({ kind }) => kind === 'folder').map(({ path }) => path);
  if (folders.length === 0) return [];
  const sounds = rejected.faults.map(({ file }) => file).filter((file) => file.endsWith('.wav'));
  return [...new Set([...folders.map((folder) => join(folder, 'audio')), ...sounds].map((path) => resolve(path)))];
}

const aligned = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/**
 * Writes an index: a JSON header, then each column, then names and checkpoints, as they lie in memory. About 100 bytes a note.
 * It appears whole or not at all.
 */
export async function writeIndex(path: string, { table, files, sampleRate, rejected }: IndexContent): Promise<void> {
  const fileHeaders = await Promise.all(
    files.map(async (file): Promise<FileHeader> => {
      const { size, mtimeMs } = await stat(witness(file));
      const [checkpoints, windows] =
        file.kind === 'gzip' ? [file.checkpoints.entries.length / 3, file.checkpoints.windows.length / windowBytes] : [0, 0];
      return { kind: file.kind, path: relative(resolve(dirname(path)), resolve(file.path)), size, mtimeMs, checkpoints, windows };
    }),
  );
  const watched = await Promise.all(
    pathsToWatch({ files, rejected }).map(async (watchedPath): Promise<Watched> => ({
      path: relative(resolve(dirname(path)), watchedPath),
      ...(await look(watchedPath)),
    })),
  );
  const ids = table.ids.parts();
  const header: Header = {
    version,
    sampleRate,
    rows: table.length,
    idBytes: ids.bytes.length,
    instruments: table.instruments,
    files: fileHeaders,
    watched,
    rejected,
  };
  const json = Buffer.from(JSON.stringify(header), 'utf8');
  const sections: Uint8Array[] = [new Uint8Array(Uint32Array.of(magic, json.length).buffer), json];
  const add = (section: ArrayBufferView): void => {
    sections.push(new Uint8Array(section.buffer, section.byteOffset, section.byteLength));
  };
  for (const name of columnNames) add(table.columns[name]);
  add(ids.ends);
  add(ids.bytes);
  for (const file of files) {
    if (file.kind !== 'gzip') continue;
    add(file.checkpoints.entries);
    add(file.checkpoints.windows);
  }
  const bytes = new Uint8Array(sections.reduce((sum, { length }) => sum + aligned(length), 0) + 8);
  let at = 0;
  for (const section of sections) {
    bytes.set(section, at);
    at += aligned(section.length);
  }
  new Uint32Array(bytes.buffer, at, 1)[0] = crc32c(bytes.subarray(0, at));
  await removeLeftBehind(path);
  await appear(path, (temporary) => writeFile(temporary, bytes));
}

/**
 * Reads an index back.
 *
 * @returns undefined if there is none, it is damaged or of another version, or the data changed since: it is to be made again then
 */
export async function readIndex(path: string): Promise<IndexContent | undefined> {
  const bytes = await readWhole(path, { limit: 2 ** 31 }).catch(() => undefined);
  if (bytes === undefined || bytes.length < 24 || bytes.length % 8 !== 0) return undefined;
  const buffer = bytes.buffer as ArrayBuffer;
  const [found, jsonLength] = new Uint32Array(buffer, 0, 2) as unknown as [number, number];
  const end = bytes.length - 8;
  if (found !== magic || new Uint32Array(buffer, end, 1)[0] !== crc32c(bytes.subarray(0, end))) return undefined;
  // The checksum holds, so what follows is what writeIndex wrote, unless by another version of it.
  const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + jsonLength)).toString('utf8')) as Header;
  if (header.version !== version) return undefined;
  const folder = dirname(path);
  const pathOf = ({ path: stored }: Pick<FileHeader, 'path'>): string => (isAbsolute(stored) ? stored : join(folder, stored));
  for (const file of header.files) {
    const stats = await stat(witness({ kind: file.kind, path: pathOf(file) })).catch(() => undefined);
    if (stats?.size !== file.size || stats.mtimeMs !== file.mtimeMs) return undefined;
  }
  for (const before of header.watched) {
    const now = await look(pathOf(before));
    if (now?.size !== before.size || now?.mtimeMs !== before.mtimeMs) return undefined;
  }
  let at = 8 + aligned(jsonLength);
  const place = (length: number): number => {
    const offset = at;
    at += aligned(length);
    return offset;
  };
  const { rows } = header;
  const columns = Object.fromEntries(
    columnNames.map((name) => [name, makeColumn(name, rows, buffer, place(rows * bytesPerElement(name)))]),
  ) as unknown as Columns;
  const ends = new Uint32Array(buffer, place(4 * rows), rows);
  const ids = new StringColumn(new Uint8Array(buffer, place(header.idBytes), header.idBytes), ends, rows);
  const files = header.files.map((file): StoredFile => {
    if (file.kind !== 'gzip') return { kind: file.kind, path: pathOf(file) };
    // In shared memory, so that workers get them without a copy.
    const entries = new Float64Array(new SharedArrayBuffer(24 * file.checkpoints));
    entries.set(new Float64Array(buffer, place(24 * file.checkpoints), 3 * file.checkpoints));
    const windows = new Uint8Array(new SharedArrayBuffer(file.windows * windowBytes));
    windows.set(new Uint8Array(buffer, place(windows.length), windows.length));
    return { kind: 'gzip', path: pathOf(file), checkpoints: { entries, windows } };
  });
  const table = new NoteTable(columns, ids, header.instruments);
  return { table, files, sampleRate: header.sampleRate, rejected: header.rejected };
}
