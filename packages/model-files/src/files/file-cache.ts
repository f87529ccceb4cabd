import { MissingFileError, ModelFileError } from '../errors.js';
import type { FileSource } from './file-source.js';
import { isWhole } from './verified-files.js';

/** Copies of files by name (a URL): `folderCache` of `@gansynth/model-files/node`, {@link browserCache}, or anything that can do this. */
export interface FileCache {
  /** The copy, if there is one. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Keeps a copy in place of the one before. */
  write(name: string, bytes: Uint8Array): Promise<void>;
}

/**
 * A source whose files are kept. One whose checksum is known is taken from the cache if the copy is exactly that, else fetched and kept.
 * One without (a manifest, which may change) is always asked for, and the copy taken only where the source cannot be reached: a model that
 * was opened once opens without a network. Ranges are not kept. A cache that fails is done without.
 *
 * @param name of a path in the cache
 */
export function cachedFiles(source: FileSource, cache: FileCache, name: (path: string) => string): FileSource {
  const kept = (path: string): Promise<Uint8Array | undefined> => cache.read(name(path)).catch(() => undefined);
  const fetched = async (path: string): Promise<Uint8Array> => {
    const bytes = await source.read(path);
    await cache.write(name(path), bytes).catch(() => undefined);
    return bytes;
  };
  return {
    ...(source.name === undefined ? {} : { name: source.name }),
    ...(source.list ? { list: (folder: string) => source.list?.(folder) ?? Promise.resolve([]) } : {}),
    read: async (path, range, expected) => {
      if (range !== undefined) return source.read(path, range, expected);
      if (expected !== undefined) {
        const copy = await kept(path);
        return copy !== undefined && isWhole(copy, expected) ? copy : fetched(path);
      }
      try {
        return await fetched(path);
      } catch (error) {
        const aborted = error instanceof Error && error.name === 'AbortError';
        const copy = MissingFileError.isInstance(error) || aborted ? undefined : await kept(path);
        if (copy === undefined) throw error;
        return copy;
      }
    },
  };
}

/**
 * Copies in a page's CacheStorage, which outlive the page. Where there is none (a page without https, a browser that forbids it) nothing is
 * kept.
 *
 * @param name of the cache among those of the page's origin
 */
export function browserCache(name = 'gansynth-models'): FileCache {
  const storage = 'caches' in globalThis ? globalThis.caches : undefined;
  return {
    read: async (url) => {
      const response = await (await storage?.open(name))?.match(url);
      return response && new Uint8Array(await response.arrayBuffer());
    },
    write: async (url, bytes) => {
      if (!/^https?:/.test(url)) throw new ModelFileError(url, 'expected a name that is an http URL, found another.', url);
      await (await storage?.open(name))?.put(url, new Response(bytes.slice().buffer));
    },
  };
}
