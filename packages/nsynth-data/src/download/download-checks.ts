import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { contentsOf } from '../scan/contents.js';
import type { Downloaded } from './download.js';
import { DownloadError } from '../errors.js';
import { looksLikeTar } from '../formats/tar.js';

/**
 * How a file must begin to be what its name says; a page that asks for a password has any length and no checksum.
 *
 * @returns what is wrong, undefined if nothing is
 */
export async function wrongBeginning(path: string, name: string): Promise<string | undefined> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    const head = buffer.subarray(0, bytesRead);
    const found = contentsOf(head) ?? 'something else';
    if (name.endsWith('.gz')) return head[0] === 0x1f && head[1] === 0x8b ? undefined : `expected a gzip archive, found ${found}`;
    if (name.endsWith('.tar')) return looksLikeTar(head) ? undefined : `expected a tar archive, found ${found}`;
    return found === 'a web page' || bytesRead === 0 ? `expected text, found ${found}` : undefined;
  } finally {
    await handle.close();
  }
}

/** Computes the SHA-256 of a file that is there already, and holds it against the one wanted. */
export async function checkExisting(
  path: string,
  sha256: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Pick<Downloaded, 'sha256' | 'checkedBy'>> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    signal?.throwIfAborted();
    hash.update(chunk);
  }
  const found = hash.digest('hex');
  if (sha256 !== undefined && found !== sha256.toLowerCase())
    throw new DownloadError(
      path,
      `expected SHA-256 ${sha256}, found ${found}: this file is another one. Move it away and call again`,
    );
  return { sha256: found, checkedBy: sha256 === undefined ? 'length' : 'sha256' };
}
