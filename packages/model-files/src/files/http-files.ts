import { checkOptions } from '../check-options.js';
import { MissingFileError, ModelFileError } from '../errors.js';
import { cachedFiles, type FileCache } from './file-cache.js';
import { slice, type FileSource } from './file-source.js';

export interface HttpFilesOptions {
  readonly signal?: AbortSignal;
  /** Another `fetch`, for example one that adds credentials. */
  readonly fetch?: typeof globalThis.fetch;
  /** Where copies are kept: `browserCache()` in a page, `folderCache()` of `@gansynth/model-files/node` in Node. Default: nowhere. */
  readonly cache?: FileCache;
}

/**
 * Files below a URL. A web server does not list folders.
 *
 * @param base URL of the folder, in a page also relative to it
 * @throws MissingFileError (from `read`) for status 404 or 410; ModelFileError for any other that is no success
 */
export function httpFiles(base: string | URL, options: HttpFilesOptions = {}): FileSource {
  checkOptions('httpFiles', options, { signal: true, fetch: true, cache: true });
  const { signal, fetch = globalThis.fetch, cache } = options;
  const root = new URL(String(base).replace(/\/?$/, '/'), globalThis.location?.href).href;
  const urlOf = (path: string): string => new URL(path.split('/').map(encodeURIComponent).join('/'), root).href;
  const source: FileSource = {
    name: String(base),
    read: async (path, range) => {
      const url = urlOf(path);
      const headers: Record<string, string> = range ? { Range: `bytes=${range.start}-${range.start + range.length - 1}` } : {};
      const response = await fetch(url, { headers, ...(signal ? { signal } : {}) });
      if (!response.ok) {
        const Kind = response.status === 404 || response.status === 410 ? MissingFileError : ModelFileError;
        throw new Kind(path, `expected a file at ${url}, found HTTP status ${response.status}.`, response.status);
      }
      const bytes = new Uint8Array(await response.arrayBuffer());
      return response.status === 206 ? bytes : slice(bytes, range); // 200: the server ignored the range
    },
  };
  return cache === undefined ? source : cachedFiles(source, cache, urlOf);
}
