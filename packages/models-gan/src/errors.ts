import { defineErrors, GansynthError } from '@gansynth/common/errors';

export const define: ReturnType<typeof defineErrors> = defineErrors('models-gan');

/** A network or training configuration that cannot be built. `field` names the setting, `value` is what was found. */
export class ConfigError extends GansynthError {
  static {
    define(this, 'ConfigError');
  }

  constructor(
    readonly field: string,
    message: string,
    readonly value: unknown,
  ) {
    super(`${field}: ${message}`);
  }
}

/** A call with an argument that cannot be right: wrong shape, unknown pitch, impossible size. */
export class ArgumentError extends GansynthError {
  static {
    define(this, 'ArgumentError');
  }

  constructor(
    readonly where: string,
    message: string,
    readonly value: unknown,
  ) {
    super(`${where}: ${message}`);
  }
}
