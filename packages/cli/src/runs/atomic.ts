import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

let sequence = 0;

/** The system names the file in an error of opening it, not in one of writing to it, such as that of a full disk. */
export function namingFile(error: unknown, path: string): unknown {
  return error instanceof Error && 'code' in error && !('path' in error) ? Object.assign(error, { path }) : error;
}

/** Writes a file so that a reader, or a crash at any moment, sees either the old content or all of the new. */
export function writeAtomically(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.${sequence++}.tmp`;
  try {
    const file = openSync(temporary, 'w');
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw namingFile(error, path);
  }
}

/** JSON, indented, with a newline at the end. */
export const writeJson = (path: string, value: unknown): void => writeAtomically(path, `${JSON.stringify(value, null, 2)}\n`);
