import { defineErrors, GansynthError } from '@gansynth/common/errors';

const define = defineErrors('voice');

/** A request that cannot be met: an instrument or pitch that the model does not know, a latent of another length, times out of order. */
export class ArgumentError extends GansynthError {
  static {
    define(this, 'ArgumentError', 'usage');
  }

  constructor(
    message: string,
    /** What was found. */
    readonly value: unknown,
  ) {
    super(message);
  }
}

/** A MIDI file that is none, is damaged, or would last too long. */
export class ScoreError extends GansynthError {
  static {
    define(this, 'ScoreError', 'input');
  }

  constructor(
    message: string,
    /** What was found. */
    readonly value: unknown,
  ) {
    super(message);
  }
}

/** A model that is not where it was looked for, or cannot be made to sound. */
export class ModelError extends GansynthError {
  static {
    define(this, 'ModelError', 'input');
  }

  constructor(
    message: string,
    /** Where it was looked for, or what was found. */
    readonly value: unknown,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Nothing here computes: no backend of TensorFlow.js is installed or registered. */
export class BackendError extends GansynthError {
  static {
    define(this, 'BackendError', 'environment');
  }
}
