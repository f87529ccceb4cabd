import { ArgumentError } from './errors.js';

/** What goes through JSON unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Throws if `value` would come back from JSON as something else, naming the place. */
export function checkJson(where: string, value: unknown, path = 'state'): void {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkJson(where, item, `${path}[${index}]`);
    return;
  }
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    for (const [key, item] of Object.entries(value)) checkJson(where, item, `${path}.${key}`);
    return;
  }
  const found = typeof value === 'object' ? `an object of class ${value?.constructor.name}` : String(value);
  throw new ArgumentError(
    where,
    `expected plain JSON in ${path}, found ${found}. Convert it to numbers, strings, arrays or plain objects.`,
    value,
  );
}

/**
 * A value as plain JSON: what `JSON.stringify` would keep of it, except that nothing is dropped or changed without a word.
 *
 * @param where the public function or thing to name in the message
 * @throws ArgumentError naming the place of what JSON cannot hold
 */
export function toJson(where: string, value: unknown): Json {
  checkJson(where, value);
  return value as Json;
}

/** A part of a JSON object; undefined if there is none or it is no object. */
export function jsonField(json: unknown, name: string): unknown {
  return typeof json === 'object' && json !== null && name in json
    ? (json as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
