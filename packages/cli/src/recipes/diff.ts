/** A field in which two recipes differ. */
export interface Difference {
  readonly field: string;
  readonly a: unknown;
  readonly b: unknown;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields in which two JSON values differ, deepest names, in order. */
export function differences(a: unknown, b: unknown, field = ''): Difference[] {
  if (isPlain(a) && isPlain(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.flatMap((key) => differences(a[key], b[key], field === '' ? key : `${field}.${key}`));
  }
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [{ field, a, b }];
}
