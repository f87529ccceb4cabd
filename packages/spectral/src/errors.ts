const marker = (name: string): symbol => Symbol.for(`@gansynth/spectral/${name}`);
const spectralError = marker('SpectralError');
const shapeError = marker('ShapeError');
const optionError = marker('OptionError');
const nonFiniteError = marker('NonFiniteError');

const carries = (error: unknown, symbol: symbol): boolean => typeof error === 'object' && error !== null && symbol in error;

/** Base of every error this package throws on purpose; `isInstance` also recognises those of another copy of the package. */
export class SpectralError extends Error {
  override readonly name: string = 'SpectralError';

  constructor(message: string) {
    super(`spectral: ${message}`);
    Object.defineProperty(this, spectralError, { value: true });
  }

  static isInstance(error: unknown): error is SpectralError {
    return carries(error, spectralError);
  }
}

/** A tensor or array of the wrong rank, size or dtype. */
export class ShapeError extends SpectralError {
  override readonly name = 'ShapeError';
  /** The shape that came. */
  readonly found: readonly number[];

  constructor(message: string, found: readonly number[]) {
    super(message);
    this.found = found;
    Object.defineProperty(this, shapeError, { value: true });
  }

  static override isInstance(error: unknown): error is ShapeError {
    return carries(error, shapeError);
  }
}

/** An option outside its range, or options that contradict each other. */
export class OptionError extends SpectralError {
  override readonly name = 'OptionError';
  /** Name of the option. */
  readonly option: string;
  /** The value that came. */
  readonly found: unknown;

  constructor(message: string, option: string, found: unknown) {
    super(message);
    this.option = option;
    this.found = found;
    Object.defineProperty(this, optionError, { value: true });
  }

  static override isInstance(error: unknown): error is OptionError {
    return carries(error, optionError);
  }
}

/** NaN or infinity where numbers were expected, or numbers whose result would overflow. */
export class NonFiniteError extends SpectralError {
  override readonly name = 'NonFiniteError';
  /** The offending value. */
  readonly found: number;
  /** Its flat index in the input. */
  readonly index: number;

  constructor(message: string, found: number, index: number) {
    super(message);
    this.found = found;
    this.index = index;
    Object.defineProperty(this, nonFiniteError, { value: true });
  }

  static override isInstance(error: unknown): error is NonFiniteError {
    return carries(error, nonFiniteError);
  }
}
