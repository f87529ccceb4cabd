import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { EnvironmentError, UsageError } from './errors.js';

/** The nearest folder on the way to a path that is there, or a file that stands in the way. */
function nearest(path: string): string {
  let at = resolve(path);
  while (!existsSync(at)) at = dirname(at);
  return at;
}

function checkWritable(path: string, option: string): void {
  const there = nearest(path);
  if (!statSync(there).isDirectory()) {
    throw new UsageError(
      `${option} ${path}: expected a folder to write into, found that ${there} is a file. Name another.`,
      path,
    );
  }
  try {
    accessSync(there, constants.W_OK);
  } catch (error) {
    throw new EnvironmentError(
      `${option} ${path}: expected to write in ${there}, found no permission to. Name another place.`,
      path,
      {
        cause: error,
      },
    );
  }
}

/**
 * Refuses a folder that could not be written to, before anything is computed for it. A collection of notes is refused too: sounds among its
 * own would be taken for notes of it.
 *
 * @param option that named it, for the message
 * @throws UsageError or EnvironmentError
 */
export function checkOutputFolder(folder: string, option = '--out'): void {
  if (folder === '') throw new UsageError(`${option}: expected a folder, found an empty name.`, folder);
  checkWritable(folder, option);
  if (existsSync(join(folder, 'examples.json'))) {
    throw new UsageError(
      `${option} ${folder}: expected a folder of its own, found a collection of notes (examples.json). Name another.`,
      folder,
    );
  }
}

/** Refuses a file that could not be written, before anything is computed for it. @throws UsageError or EnvironmentError */
export function checkOutputFile(file: string, option = '--out'): void {
  if (file === '') throw new UsageError(`${option}: expected a file, found an empty name.`, file);
  if (existsSync(file) && statSync(file).isDirectory()) {
    throw new UsageError(`${option} ${file}: expected a file, found a folder of that name. Name a file in it.`, file);
  }
  checkWritable(dirname(resolve(file)), option);
}
