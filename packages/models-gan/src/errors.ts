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

/** What was seen when a training step was refused. */
export interface Divergence {
  /** Which half of the iteration went wrong. */
  readonly network: 'generator' | 'critic';
  /** The quantity that is not finite or beyond the limit. */
  readonly quantity: string;
  readonly value: number;
  /** Images seen when it happened, and where in the schedule that is. */
  readonly images: number;
  readonly stage: number;
  readonly progress: number;
  /** The last losses that were still sound, if there was a step before. */
  readonly lastLosses?: Readonly<Record<string, number>>;
}

/**
 * Training left the region where it can recover: a loss or gradient is not finite, or a loss is beyond the limit. The step that met it
 * was not applied: the trainer still holds the state from before it.
 */
export class DivergenceError extends GansynthError {
  static {
    define(this, 'DivergenceError', 'diverged');
  }

  constructor(
    readonly report: Divergence,
    limit: number,
  ) {
    const { network, quantity, value, images, stage, progress, lastLosses } = report;
    const last = lastLosses
      ? ` Last sound losses: ${Object.entries(lastLosses)
          .map(([name, loss]) => `${name} ${loss.toPrecision(4)}`)
          .join(', ')}.`
      : '';
    super(
      `trainer.step: expected a finite ${quantity} of the ${network} within +-${limit}, found ${value} after ${images} images ` +
        `(stage ${stage}, progress ${progress.toFixed(3)}).${last} The step was not applied. Resume from the last checkpoint with a ` +
        `lower learning rate, a longer transition or a larger batch.`,
    );
  }
}

/** A training state that does not belong to this trainer, or lacks something. */
export class StateError extends GansynthError {
  static {
    define(this, 'StateError');
  }

  constructor(
    message: string,
    readonly value: unknown,
  ) {
    super(`training state: ${message}`);
  }
}
