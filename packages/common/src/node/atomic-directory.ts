import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { systemCodeOf } from '../errors.js';

/*
 * A directory appears under its name whole or not at all: its files are written and flushed to disk under a temporary name, which is
 * then renamed. Directories to be deleted are renamed first, so that half of one is never seen either.
 */

/** A name that {@link removeLeftovers} knows, should the process die before it is renamed or deleted. */
export const temporaryName = (): string => `.tmp-${process.pid}-${randomBytes(6).toString('hex')}-${hostname()}`;
const temporaryPattern = /^\.tmp-(\d+)-[0-9a-f]{12}-(.*)$/;

/** Whether a name is one of {@link temporaryName}, of any process on any machine. */
export const isTemporaryName = (name: string): boolean => temporaryPattern.test(name);

/**
 * @param parent exists
 * @param name of the new directory in it; must not exist
 * @param fill writes the files; if it throws, nothing appears
 */
export async function createDirectory(parent: string, name: string, fill: (directory: string) => Promise<void>): Promise<void> {
  const directory = join(parent, temporaryName());
  await mkdir(directory);
  try {
    await fill(directory);
    await flushDirectory(directory);
    await rename(directory, join(parent, name));
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
  await flushDirectory(parent);
}

/** Deletes a directory; half of it is never seen under its name. */
export async function removeDirectory(parent: string, name: string): Promise<void> {
  const doomed = join(parent, temporaryName());
  await rename(join(parent, name), doomed);
  await rm(doomed, { recursive: true, force: true });
}

/** Deletes what processes of this machine that are gone have left behind under temporary names. */
export async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const match = temporaryPattern.exec(name);
    if (match && match[2] === hostname() && !isAlive(Number(match[1])))
      await rm(join(parent, name), { recursive: true, force: true });
  }
}

/** Whether a process of this machine lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) === 'EPERM';
  }
}

/** Makes the names in a directory durable. Not every system can; there it is left to the system. */
export async function flushDirectory(directory: string): Promise<void> {
  try {
    const handle = await open(directory, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EINVAL', 'EACCES', 'ENOTSUP'].includes(systemCodeOf(error) ?? '')) throw error;
  }
}
