import { GansynthError } from '@gansynth/common/errors';
import { define } from '../errors.js';

/**
 * A file of a foreign checkpoint is damaged, incomplete, or not what its name promises. `file` names it.
 *
 * Recognise it with {@link CheckpointFormatError.isInstance}, which also works across copies of this package.
 */
export class CheckpointFormatError extends GansynthError {
  static {
    define(this, 'CheckpointFormatError');
  }

  constructor(
    /** Path of the offending file inside its source. */
    readonly file: string,
    problem: string,
  ) {
    super(`${file}: ${problem}`);
  }
}
