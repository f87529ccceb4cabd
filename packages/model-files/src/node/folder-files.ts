import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MissingFileError, ModelFileError } from '../errors.js';
import { insidePath, type FileSource } from '../files/file-source.js';

/**
 * The files below a folder of this machine.
 *
 * @param folder of a model, or for example an unpacked `acoustic_only.zip`
 */
export function folderFiles(folder: string): FileSource {
  return {
    name: folder,
    list: async (inside) => (await readdir(join(folder, inside === '' ? '' : insidePath(inside)))).sort(),
    read: async (path, range) => {
      const file = join(folder, insidePath(path));
      const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
        const Kind = error.code === 'ENOENT' || error.code === 'ENOTDIR' ? MissingFileError : ModelFileError;
        throw new Kind(path, `expected a readable file at ${file}, found none (${error.code}).`, file, { cause: error });
      });
      try {
        const stats = await handle.stat();
        if (stats.isDirectory()) throw new ModelFileError(path, `expected a file at ${file}, found a folder.`, file);
        const start = Math.min(range?.start ?? 0, stats.size);
        const bytes = new Uint8Array(Math.min(range?.length ?? stats.size, stats.size - start));
        let filled = 0;
        while (filled < bytes.length) {
          const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
          if (bytesRead === 0) break; // it shrank meanwhile
          filled += bytesRead;
        }
        return bytes.subarray(0, filled);
      } finally {
        await handle.close();
      }
    },
  };
}
