import { basename, relative } from 'node:path';

/** How this program was called, to be called so again: `gansynth` where it is installed, else Node and the file. */
export function thisProgram(called: string | undefined = process.argv[1]): string {
  if (called === undefined || !basename(called).endsWith('.js')) return 'gansynth';
  const near = relative('', called);
  return `node ${near.startsWith('..') ? called : near}`;
}
