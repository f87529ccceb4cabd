import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isAlive } from '@gansynth/common/node';

/** Those this process writes: its own number alone does not tell, since in a container the next process has it again. */
const written = new Set<string>();

/** A name beside `path`, hidden, that says which process writes under it until the file is whole. */
export function temporaryFor(path: string): { readonly path: string; readonly done: () => void } {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${Math.random().toString(36).slice(2)}`);
  written.add(temporary);
  return { path: temporary, done: () => written.delete(temporary) };
}

/** Temporary files for `path` whose process has ended without removing them: it was killed, or the machine stopped. */
export async function leftBehind(path: string): Promise<string[]> {
  const [folder, start] = [dirname(path), `.${basename(path)}.`];
  const names = await readdir(folder).catch((): string[] => []);
  return names.flatMap((name) => {
    const [, pid] = (name.startsWith(start) && /^(\d+)\.[a-z0-9]+$/.exec(name.slice(start.length))) || [];
    const found = join(folder, name);
    const isOwn = Number(pid) === process.pid;
    return pid === undefined || (isOwn ? written.has(found) : isAlive(Number(pid))) ? [] : [found];
  });
}
