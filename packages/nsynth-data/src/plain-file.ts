import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { BadFileError, BadNoteError } from './errors.js';

/** A file that can be opened and is one: no folder, pipe or device, whose reading might never end. */
export async function openRegular(path: string, record?: string): Promise<{ handle: FileHandle; size: number; mtimeMs: number }> {
  const Failure = record === undefined ? BadFileError : BadNoteError;
  const named = record === undefined ? {} : { record };
  let handle: FileHandle;
  try {
    // Opening a pipe for reading waits for a writer unless told otherwise.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    const reason = `expected a readable file, found ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`;
    throw new Failure({ file: path, ...named, reason }, { cause });
  }
  const stats = await handle.stat();
  if (!stats.isFile()) {
    await handle.close();
    throw new Failure({ file: path, ...named, reason: 'expected a plain file, found a folder, pipe or device' });
  }
  return { handle, size: stats.size, mtimeMs: stats.mtimeMs };
}

async function fill(handle: FileHandle, target: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < target.length) {
    const { bytesRead } = await handle.read(target, done, target.length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}

/** The whole of a small file. */
export async function readWhole(path: string, { limit, record }: { limit: number; record?: string }): Promise<Uint8Array> {
  const { handle, size } = await openRegular(path, record);
  try {
    if (size > limit) {
      const reason = `expected at most ${limit} bytes for one note, found ${size}`;
      throw record === undefined ? new BadFileError({ file: path, reason }) : new BadNoteError({ file: path, record, reason });
    }
    const bytes = new Uint8Array(size);
    return bytes.subarray(0, await fill(handle, bytes, 0));
  } finally {
    await handle.close();
  }
}

/** Bytes of a file from front to back, in pieces. */
export async function* fileChunks(
  path: string,
  { signal, size = 1 << 20 }: { signal?: AbortSignal | undefined; size?: number } = {},
): AsyncGenerator<Uint8Array> {
  const { handle } = await openRegular(path);
  try {
    for (let position = 0; ;) {
      signal?.throwIfAborted();
      const bytes = new Uint8Array(size);
      const count = await fill(handle, bytes, position);
      if (count > 0) yield bytes.subarray(0, count);
      if (count < size) return;
      position += count;
    }
  } finally {
    await handle.close();
  }
}
