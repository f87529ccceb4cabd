import { defineErrors, GansynthError } from '@gansynth/common/errors';

const define: ReturnType<typeof defineErrors> = defineErrors('models-wavenet');

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

/** A call with an argument that cannot be right: wrong shape, unknown pitch, impossible length. */
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

/** There is not as much memory as was asked for. `value` is how much, in bytes. */
export class MemoryError extends GansynthError {
  static {
    define(this, 'MemoryError', 'memory');
  }

  constructor(
    message: string,
    readonly value: number,
    options?: ErrorOptions,
  ) {
    super(`createSampler: ${message}`, options);
  }
}
