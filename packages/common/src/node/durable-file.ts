import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { flushDirectory, temporaryName } from './atomic-directory.js';

/** Writes a file and its folders; what it holds is on disk when it returns. Text is written as UTF-8. */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes or replaces a file so that a reader, or a crash at any moment, sees either the old content or all of the new. Its folders are made.
 *
 * @param content text is written as UTF-8
 * @throws the system's error, which names a file
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = join(dirname(path), temporaryName());
  try {
    await writeDurably(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw namingFile(error, path);
  }
  await flushDirectory(dirname(path));
}

/**
 * The system names the file in an error of opening it, but not in one of writing to it, such as that of a full disk.
 *
 * @returns the same error, which names the file
 */
export function namingFile(error: unknown, path: string): unknown {
  return error instanceof Error && 'code' in error && !('path' in error) ? Object.assign(error, { path }) : error;
}
