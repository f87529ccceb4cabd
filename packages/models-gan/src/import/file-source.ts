import { CheckpointFormatError } from './format-error.js';

/**
 * Where the files of a checkpoint come from: a folder (`@gansynth/models-gan/node`), a web server ({@link httpFiles}), memory
 * ({@link memoryFiles}), or anything that can do this. Paths are relative, with `/` between their parts.
 */
export interface FileSource {
  /** Names of the files and folders directly inside `folder` (`''` is the root). Sources that cannot list leave it out. */
  list?(folder: string): Promise<readonly string[]>;
  /** Bytes [start, start + length) of a file, by default all of it. Fewer if the file ends before. Rejects if there is no such file. */
  read(path: string, range?: ByteRange): Promise<Uint8Array>;
}

export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

const slice = (bytes: Uint8Array, range: ByteRange | undefined): Uint8Array =>
  range ? bytes.subarray(range.start, range.start + range.length) : bytes;

/** Files already in memory, for example what a user dropped onto a page. */
export function memoryFiles(files: Readonly<Record<string, Uint8Array>>): FileSource {
  return {
    list: async (folder) => {
      const prefix = folder === '' ? '' : `${folder}/`;
      const inside = Object.keys(files).filter((path) => path.startsWith(prefix));
      return [...new Set(inside.map((path) => path.slice(prefix.length).split('/')[0] as string))];
    },
    read: async (path, range) => {
      const bytes = Object.hasOwn(files, path) ? files[path] : undefined;
      if (!bytes)
        throw new CheckpointFormatError(path, `expected this file, found only: ${Object.keys(files).join(', ') || 'nothing'}`);
      return slice(bytes, range);
    },
  };
}

/**
 * Files below a URL. A web server does not list folders, so loaders that look for the newest stage need it named.
 *
 * @param base URL of the folder
 */
export function httpFiles(base: string, { signal, fetch = globalThis.fetch }: HttpFilesOptions = {}): FileSource {
  const root = base.endsWith('/') ? base : `${base}/`;
  return {
    read: async (path, range) => {
      const url = new URL(path.split('/').map(encodeURIComponent).join('/'), root).href;
      const headers: Record<string, string> = range ? { Range: `bytes=${range.start}-${range.start + range.length - 1}` } : {};
      const response = await fetch(url, { headers, ...(signal ? { signal } : {}) });
      if (!response.ok) throw new CheckpointFormatError(path, `expected a file at ${url}, found HTTP status ${response.status}`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      return response.status === 206 ? bytes : slice(bytes, range); // 200: the server ignored the range
    },
  };
}

export interface HttpFilesOptions {
  readonly signal?: AbortSignal;
  /** Another `fetch`, for example one that adds credentials. */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * `path` if it stays inside its source.
 *
 * @throws CheckpointFormatError for absolute paths and those with `..`, which a downloaded file may name but not reach
 */
export function insidePath(path: string, file: string): string {
  if (path === '' || /^([/\\]|[a-z]+:)/i.test(path) || path.split(/[/\\]/).includes('..'))
    throw new CheckpointFormatError(file, `expected a path inside the checkpoint's folder, found ${JSON.stringify(path)}`);
  return path;
}
