import { MissingFileError } from '../errors.js';
import { slice, type FileSink, type FileSource } from './file-source.js';

/** Files already in memory, for example what a user dropped onto a page. */
export function memoryFiles(files: Readonly<Record<string, Uint8Array>>): FileSource {
  return {
    list: async (folder) => {
      const prefix = folder === '' ? '' : `${folder}/`;
      const inside = Object.keys(files).filter((path) => path.startsWith(prefix));
      return [...new Set(inside.map((path) => path.slice(prefix.length).split('/')[0] ?? ''))];
    },
    read: async (path, range) => {
      const bytes = Object.hasOwn(files, path) ? files[path] : undefined;
      if (bytes === undefined)
        throw new MissingFileError(path, `expected this file, found only: ${Object.keys(files).join(', ') || 'nothing'}.`, path);
      return slice(bytes, range);
    },
  };
}

/** Keeps what is written, in {@link MemorySink.files}; each writing replaces the one before. */
export interface MemorySink extends FileSink {
  /** The files of the last writing, by path. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

export function memorySink(): MemorySink {
  let files: Readonly<Record<string, Uint8Array>> = {};
  return {
    get files() {
      return files;
    },
    write: async (written) => {
      files = { ...written };
    },
  };
}
