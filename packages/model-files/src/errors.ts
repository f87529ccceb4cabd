import { defineErrors, GansynthError } from '@gansynth/common/errors';

const define = defineErrors('model-files');

/**
 * A file of a model or checkpoint is missing, damaged, or not what its name promises. `file` names it inside its source, `value` is what
 * was found.
 */
export class ModelFileError extends GansynthError {
  static {
    define(this, 'ModelFileError', 'input');
  }

  readonly file: string;
  readonly value: unknown;

  constructor(file: string, problem: string, value?: unknown, options?: ErrorOptions) {
    super(`${file}: ${problem}`, options);
    this.file = file;
    this.value = value;
  }
}

/** There is no such file. */
export class MissingFileError extends ModelFileError {
  static {
    define(this, 'MissingFileError');
  }
}
