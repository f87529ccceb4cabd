import { defineErrors, GansynthError } from '@gansynth/common/errors';

export const define: ReturnType<typeof defineErrors> = defineErrors('training');

/** A call with an argument that cannot be right. The message says what was expected, what came, and what to do. */
export class ArgumentError extends GansynthError {
  static {
    define(this, 'ArgumentError');
  }

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
    super(`${where}: ${message}`);
  }
}
