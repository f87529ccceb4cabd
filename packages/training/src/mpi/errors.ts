import { GansynthError } from '@gansynth/common/errors';
import { define } from '../errors.js';

/** Processes of one training that cannot work together: no library, a launcher of another MPI, settings that differ. */
export class ProcessError extends GansynthError {
  static {
    define(this, 'ProcessError', 'environment');
  }
}
