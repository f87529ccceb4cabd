import { replaceFile } from '@gansynth/common/node';
import { existsSync, readFileSync } from 'node:fs';
import { cutUnfinishedLine, openAppendFile } from './append-file.js';

/** A file of JSON lines that is added to. */
export interface JsonLines {
  /** Adds a line. Numbers that JSON lacks become the strings `NaN`, `Infinity` and `-Infinity`. */
  write(line: object): void;
  close(): void;
}

/**
 * Opens a file of JSON lines to add to; it and its folders are made if need be. A line that a killed process left unfinished is cut off first.
 *
 * @param path for example `run/log.jsonl`
 */
export function openJsonLines(path: string): JsonLines {
  const file = openAppendFile(path);
  cutUnfinishedLine(path);
  return {
    write: (line) => {
      const text = JSON.stringify(line, (_, value: unknown) =>
        typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
      );
      file.write(Buffer.from(`${text}\n`));
    },
    close: file.close,
  };
}

/** The lines of a file; what is no JSON, such as half a line at its end, is passed over. None where there is no file. */
export function readJsonLines(path: string): unknown[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((text) => parsed(text));
}

function parsed(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}

/**
 * Leaves out lines of a file, for a training that goes on from before they were written. Nothing is touched where all may stay; else a new
 * file takes the old one's place.
 */
export async function keepJsonLines(path: string, keep: (line: unknown) => boolean): Promise<void> {
  if (!existsSync(path)) return;
  const text = readJsonLines(path)
    .filter((line) => keep(line))
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
  if (text !== readFileSync(path, 'utf8')) await replaceFile(path, text);
}
