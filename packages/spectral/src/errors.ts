import { defineErrors, GansynthError } from '@gansynth/common/errors';

const define = defineErrors('spectral');

/** Base of every error this package throws on purpose; `isInstance` also recognises those of another copy of the package. */
export class SpectralError extends GansynthError {
  static {
    define(this, 'SpectralError');
  }
}

/** A tensor or array of the wrong rank, size or dtype. */
export class ShapeError extends SpectralError {
  static {
    define(this, 'ShapeError');
  }

  constructor(
    message: string,
    /** The shape that came. */
    readonly found: readonly number[],
  ) {
    super(message);
  }
}

/** An option outside its range, or options that contradict each other. */
export class OptionError extends SpectralError {
  static {
    define(this, 'OptionError');
  }

  constructor(
    message: string,
    /** Name of the option. */
    readonly option: string,
    /** The value that came. */
    readonly found: unknown,
  ) {
    super(message);
  }
}

/** NaN or infinity where numbers were expected, or numbers whose result would overflow. */
export class NonFiniteError extends SpectralError {
  static {
    define(this, 'NonFiniteError');
  }

  constructor(
    message: string,
    /** The offending value. */
    readonly found: number,
    /** Its flat index in the input. */
    readonly index: number,
  ) {
    super(message);
  }
}
