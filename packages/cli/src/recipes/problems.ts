import { suggest } from '@gansynth/common/suggest';
import type { z } from 'zod';
import { show, type Family, type RecipeProblem } from '../families/family.js';
import { fieldAt, keysAt } from './fields.js';

export const isObject = (value: unknown): value is Readonly<Record<PropertyKey, unknown>> =>
  typeof value === 'object' && value !== null;

export const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);

/** What may be said, and what to call it in messages. */
type Sayable = Pick<Family, 'name' | 'schema'>;

/**
 * What a schema finds wrong with an input, with the field, what is there, and the field or value that was probably meant.
 *
 * @param all where else an unknown field may be at home
 */
export function problemsOf(
  issue: z.core.$ZodIssue,
  input: unknown,
  { name, schema }: Sayable,
  all: readonly Sayable[] = [],
): RecipeProblem[] {
  const field = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path, input);
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      const others = all.filter((other) => other.name !== name && fieldAt(other.schema, path, input) !== undefined);
      const meant = suggest(key, known);
      const cure = meant === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean "${meant}"?`;
      const why =
        others.length === 0 ? 'no such field.' : `no field of ${name}, only of ${others.map((other) => other.name).join(', ')}.`;
      return { field: path.join('.'), message: `${why} ${others.length === 0 ? cure : 'Leave it out.'}` };
    });
  }
  const found = valueAt(input, issue.path);
  const about = fieldAt(schema, issue.path, input)?.description;
  const choices = issue.code === 'invalid_value' ? issue.values.map(String) : undefined;
  const meant = choices && typeof found === 'string' ? suggest(found, choices) : undefined;
  const parts = [
    found === undefined ? 'missing.' : `found ${show(found)}.`,
    choices ? `Expected one of ${choices.join(', ')}.` : `${issue.message.replace(/^Invalid input: e/, 'E')}.`,
    ...(meant === undefined ? [] : [`Did you mean "${meant}"?`]),
    ...(about === undefined ? [] : [`(${about})`]),
  ];
  return [{ field, message: parts.join(' ') }];
}
