const marker = (name: string): symbol => Symbol.for(`gansynth.metrics.${name}`);

/** Base of every error this package throws; recognised across copies of the package by a marker, not by identity. */
export class MetricsError extends Error {
  static {
    Object.defineProperty(this.prototype, marker('MetricsError'), { value: true });
  }

  override readonly name: string = 'MetricsError';

  static isInstance(error: unknown): error is MetricsError {
    return typeof error === 'object' && error !== null && marker('MetricsError') in error;
  }
}

/** An array or tensor has another shape than its role asks for. */
export class ShapeError extends MetricsError {
  static {
    Object.defineProperty(this.prototype, marker('ShapeError'), { value: true });
  }

  override readonly name: string = 'ShapeError';
  readonly found: readonly number[];

  constructor(message: string, found: readonly number[]) {
    super(message);
    this.found = found;
  }

  static override isInstance(error: unknown): error is ShapeError {
    return typeof error === 'object' && error !== null && marker('ShapeError') in error;
  }
}

/** An option or element is outside its range, or not a finite number. */
export class ValueError extends MetricsError {
  static {
    Object.defineProperty(this.prototype, marker('ValueError'), { value: true });
  }

  override readonly name: string = 'ValueError';
  readonly found: unknown;

  constructor(message: string, found: unknown) {
    super(message);
    this.found = found;
  }

  static override isInstance(error: unknown): error is ValueError {
    return typeof error === 'object' && error !== null && marker('ValueError') in error;
  }
}

/** Fewer examples than the measure is defined for. */
export class TooFewExamplesError extends MetricsError {
  static {
    Object.defineProperty(this.prototype, marker('TooFewExamplesError'), { value: true });
  }

  override readonly name: string = 'TooFewExamplesError';
  readonly found: number;
  readonly needed: number;

  constructor(message: string, found: number, needed: number) {
    super(message);
    this.found = found;
    this.needed = needed;
  }

  static override isInstance(error: unknown): error is TooFewExamplesError {
    return typeof error === 'object' && error !== null && marker('TooFewExamplesError') in error;
  }
}

/** Two results (or two halves of one accumulator) were made under different conditions and must not be put side by side. */
export class NotComparableError extends MetricsError {
  static {
    Object.defineProperty(this.prototype, marker('NotComparableError'), { value: true });
  }

  override readonly name: string = 'NotComparableError';
  /** What differs: one line each. */
  readonly differences: readonly string[];

  constructor(message: string, differences: readonly string[]) {
    super(message);
    this.differences = differences;
  }

  static override isInstance(error: unknown): error is NotComparableError {
    return typeof error === 'object' && error !== null && marker('NotComparableError') in error;
  }
}
