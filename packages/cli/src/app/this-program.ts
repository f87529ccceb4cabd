import { basename, relative, resolve } from 'node:path';

/** The file that this program was called by, where it is not installed as a command. */
const fileOf = (called: string | undefined): string | undefined =>
  called !== undefined && basename(called).endsWith('.js') ? called : undefined;

/** How this program was called, to be called so again: `gansynth` where it is installed, else Node and the file. */
export function thisProgram(called: string | undefined = process.argv[1]): string {
  const file = fileOf(called);
  if (file === undefined) return 'gansynth';
  const near = relative('', file);
  return `node ${near.startsWith('..') ? file : near}`;
}

/** The same as words, to be called so from any folder. */
export function wordsOfThisProgram(called: string | undefined = process.argv[1]): string[] {
  const file = fileOf(called);
  return file === undefined ? ['gansynth'] : ['node', resolve(file)];
}
