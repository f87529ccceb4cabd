import { defineErrors, GansynthError } from '@gansynth/common/errors';

const define = defineErrors('figures');

/** Data that cannot be drawn. */
export class FigureError extends GansynthError {
  static {
    define(this, 'FigureError');
  }

  constructor(
    message: string,
    /** What was found. */
    readonly value: unknown,
  ) {
    super(message);
  }
}

/** Refuses values that are no finite numbers, and lists of another length. */
export function checkValues(values: ArrayLike<number>, what: string, length: number = values.length): void {
  if (values.length !== length)
    throw new FigureError(`${what}: expected ${length} values, found ${values.length}.`, values.length);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]))
      throw new FigureError(`${what}: expected finite numbers, found ${values[i]} at position ${i}.`, values[i]);
  }
}

/** Refuses an empty list. */
export function checkSome(items: ArrayLike<unknown>, what: string): void {
  if (items.length === 0) throw new FigureError(`${what}: expected at least one, found none.`, items);
}
