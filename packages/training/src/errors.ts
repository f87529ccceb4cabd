const argumentMarker: symbol = Symbol.for('gansynth.training.ArgumentError');

/** A call with an argument that cannot be right. The message says what was expected, what came, and what to do. */
export class ArgumentError extends Error {
  /**
   * @param where the public function, e.g. `boxDownscale`
   * @param message expected, found, cure
   * @param value the offending value
   */
  constructor(
    readonly where: string,
    message: string,
    readonly value: unknown,
  ) {
    super(`training: ${where}: ${message}`);
    this.name = 'ArgumentError';
    Object.defineProperty(this, argumentMarker, { value: true });
  }

  /** True for an `ArgumentError` of any copy of this package. */
  static isInstance(error: unknown): error is ArgumentError {
    return error instanceof Error && argumentMarker in error;
  }
}
