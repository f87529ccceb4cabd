const marker = Symbol.for('gansynth.models-gan.CheckpointFormatError');

/**
 * A file of a foreign checkpoint is damaged, incomplete, or not what its name promises. `file` names it.
 *
 * Recognise it with {@link CheckpointFormatError.isInstance}, which also works across copies of this package.
 */
export class CheckpointFormatError extends Error {
  static {
    Object.defineProperty(this.prototype, marker, { value: true });
  }

  override readonly name = 'CheckpointFormatError';
  /** Path of the offending file inside its source. */
  readonly file: string;

  constructor(file: string, problem: string) {
    super(`models-gan: ${file}: ${problem}`);
    this.file = file;
  }

  static isInstance(error: unknown): error is CheckpointFormatError {
    return typeof error === 'object' && error !== null && marker in error;
  }
}
