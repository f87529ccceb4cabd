import { taskShare, type Word } from './job.js';

/** A word as bash takes it: as it is where nothing in it means anything to bash. */
export const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** A command on a line of bash. @param share the task's share as bash has it */
export const commandLine = (words: readonly Word[], share: string): string =>
  words.map((word) => (word === taskShare ? share : quoted(word))).join(' ');

/** A text that a command of bash reads, whatever is in it. @param end of the text: a word that is no line of it */
export function hereDocument(command: string, text: string, end: string): string {
  const lines = new Set(text.split('\n'));
  let free = end;
  while (lines.has(free)) free += '_';
  return `${command} <<'${free}'\n${text.replace(/\n$/, '')}\n${free}\n`;
}
