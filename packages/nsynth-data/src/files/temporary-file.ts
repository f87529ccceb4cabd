import { readdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { isAlive } from '@gansynth/common/node';

/** Those this thread writes: the number of the process alone does not tell, since in a container the next process has it again. */
const written = new Set<string>();

/** A name beside `path`, hidden, that says which thread of which process on which machine writes under it until the file is whole. */
export function temporaryFor(path: string): { readonly path: string; readonly done: () => void } {
  const random = Math.random().toString(36).slice(2);
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${threadId}.${random}.${hostname()}`);
  written.add(temporary);
  return { path: temporary, done: () => written.delete(temporary) };
}

const ownerPattern = /^(\d+)-(\d+)\.[a-z0-9]+\.(.+)$/;

/**
 * Temporary files for `path` whose process has ended without removing them: it was killed, or the machine stopped. Those of other machines are
 * not among them, since whether their processes live is not seen here.
 */
export async function leftBehind(path: string): Promise<string[]> {
  const [folder, start] = [dirname(path), `.${basename(path)}.`];
  const names = await readdir(folder).catch((): string[] => []);
  return names.flatMap((name) => {
    const [, pid, thread, host] = (name.startsWith(start) && ownerPattern.exec(name.slice(start.length))) || [];
    if (host !== hostname()) return [];
    const found = join(folder, name);
    const isOwn = Number(pid) === process.pid && Number(thread) === threadId;
    return (isOwn ? written.has(found) : isAlive(Number(pid))) ? [] : [found];
  });
}

/** Removes what {@link leftBehind} finds. */
export async function removeLeftBehind(path: string): Promise<void> {
  for (const left of await leftBehind(path)) await rm(left, { force: true });
}

/**
 * A file that is seen whole or not at all, without waiting for the disk. If it exists, it is replaced.
 *
 * @param write is given the name to write under; if it throws, nothing appears
 * @returns what `write` returns
 */
export async function appear<Result>(path: string, write: (temporary: string) => Promise<Result>): Promise<Result> {
  const temporary = temporaryFor(path);
  try {
    const result = await write(temporary.path);
    await rename(temporary.path, path);
    return result;
  } finally {
    await rm(temporary.path, { force: true });
    temporary.done();
  }
}
