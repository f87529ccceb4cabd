import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileSource, insidePath } from './file-source.js';
import { CheckpointFormatError } from './format-error.js';

/**
 * The files below a folder of this machine, for the checkpoint loaders.
 *
 * @param folder for example an unpacked `acoustic_only.zip`
 */
export function folderFiles(folder: string): FileSource {
  return {
    list: async (inside) => (await readdir(join(folder, inside))).sort(),
    read: async (path, range) => {
      const file = join(folder, insidePath(path, path));
      let handle;
      try {
        handle = await open(file, 'r');
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        throw new CheckpointFormatError(path, `expected a readable file at ${file}, found none (${code})`);
      }
      try {
        const { size } = await handle.stat();
        const start = Math.min(range?.start ?? 0, size);
        const bytes = new Uint8Array(Math.min(range?.length ?? size, size - start));
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
