import { defineErrors, GansynthError } from '@gansynth/common/errors';

const define = defineErrors('metrics');

/** Base of every error this package throws; recognised across copies of the package by a marker, not by identity. */
export class MetricsError extends GansynthError {
  static {
    define(this, 'MetricsError');
  }
}

/** An array or tensor has another shape than its role asks for. */
export class ShapeError extends MetricsError {
  static {
    define(this, 'ShapeError');
  }

  constructor(
    message: string,
    readonly found: readonly number[],
  ) {
    super(message);
  }
}

/** An option or element is outside its range, or not a finite number. */
export class ValueError extends MetricsError {
  static {
    define(this, 'ValueError');
  }

  constructor(
    message: string,
    readonly found: unknown,
  ) {
    super(message);
  }
}

/** Fewer examples than the measure is defined for. */
export class TooFewExamplesError extends MetricsError {
  static {
    define(this, 'TooFewExamplesError');
  }

  constructor(
    message: string,
    readonly found: number,
    readonly needed: number,
  ) {
    super(message);
  }
}

/** Two results (or two halves of one accumulator) were made under different conditions and must not be put side by side. */
export class NotComparableError extends MetricsError {
  static {
    define(this, 'NotComparableError');
  }

  constructor(
    message: string,
    /** What differs: one line each. */
    readonly differences: readonly string[],
  ) {
    super(message);
  }
}
