import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ModelFileError } from '../errors.js';
import { insidePath } from '../import/file-source.js';
import type { FileSink } from './file-sink.js';
import { manifestFile } from './model-manifest.js';

/**
 * A folder of this machine to save a model to. All files are written to a temporary folder beside it, which is then given its name; a
 * folder that was there before is replaced only if it holds a model.
 */
export function folderSink(folder: string): FileSink {
  return {
    write: async (files) => {
      const target = resolve(folder);
      await mkdir(dirname(target), { recursive: true });
      const temporary = join(dirname(target), `.${basename(target)}.${crypto.randomUUID()}`);
      try {
        for (const [path, bytes] of Object.entries(files)) await writeDurably(join(temporary, insidePath(path, path)), bytes);
        await replace(target, temporary);
      } finally {
        await rm(temporary, { recursive: true, force: true });
      }
    },
  };
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The old folder keeps another name until the new one has its place: whatever happens, one whole model is there. */
async function replace(target: string, temporary: string): Promise<void> {
  const present = await readdir(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (present !== null && present.length > 0 && !present.includes(manifestFile)) {
    throw new ModelFileError(
      target,
      `expected a new folder, an empty one, or one that holds a model, found ${present.slice(0, 3).join(', ')}. Choose another folder.`,
      present,
    );
  }
  const old = `${temporary}.old`;
  if (present !== null) await rename(target, old);
  try {
    await rename(temporary, target);
  } catch (error) {
    if (present !== null) await rename(old, target);
    throw error;
  }
  if (present !== null) await rm(old, { recursive: true, force: true });
}
