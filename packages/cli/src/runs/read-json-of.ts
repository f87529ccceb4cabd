import { basename } from 'node:path';
import { InputError } from '../app/errors.js';
import { readJson } from '../recipes/library.js';

/** Whether a value from a file is an object that has these. */
export const has = <Key extends string>(value: unknown, ...keys: Key[]): value is Record<Key, unknown> =>
  typeof value === 'object' && value !== null && keys.every((key) => key in value);

/** A JSON file that this program wrote. @throws InputError if it holds something else: it was edited or damaged */
export function readJsonOf<Value>(path: string, isValue: (value: unknown) => value is Value): Value {
  const value = readJson(path);
  if (isValue(value)) return value;
  throw new InputError(`${path}: expected what gansynth writes into ${basename(path)}, found other JSON. Put it back.`, value);
}
