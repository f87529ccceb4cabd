/** Base of this package's errors: each kind carries a global symbol, so that it is recognised across copies of the package. */
abstract class GanError extends Error {
  constructor(kind: string, message: string) {
    super(`models-gan: ${message}`);
    this.name = kind;
    Object.defineProperty(this, symbolOf(kind), { value: true });
  }
}

const symbolOf = (kind: string): symbol => Symbol.for(`gansynth.models-gan.${kind}`);
const isKind = (error: unknown, kind: string): boolean => error instanceof Error && symbolOf(kind) in error;

/** A network or training configuration that cannot be built. `field` names the setting, `value` is what was found. */
export class ConfigError extends GanError {
  constructor(
    readonly field: string,
    message: string,
    readonly value: unknown,
  ) {
    super('ConfigError', `${field}: ${message}`);
  }

  static isInstance(error: unknown): error is ConfigError {
    return isKind(error, 'ConfigError');
  }
}

/** A call with an argument that cannot be right: wrong shape, unknown pitch, impossible size. */
export class ArgumentError extends GanError {
  constructor(
    readonly where: string,
    message: string,
    readonly value: unknown,
  ) {
    super('ArgumentError', `${where}: ${message}`);
  }

  static isInstance(error: unknown): error is ArgumentError {
    return isKind(error, 'ArgumentError');
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
export class DivergenceError extends GanError {
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
      'DivergenceError',
      `trainer.step: expected a finite ${quantity} of the ${network} within +-${limit}, found ${value} after ${images} images ` +
        `(stage ${stage}, progress ${progress.toFixed(3)}).${last} The step was not applied. Resume from the last checkpoint with a ` +
        `lower learning rate, a longer transition or a larger batch.`,
    );
  }

  static isInstance(error: unknown): error is DivergenceError {
    return isKind(error, 'DivergenceError');
  }
}

/** A training state that does not belong to this trainer, or lacks something. */
export class StateError extends GanError {
  constructor(
    message: string,
    readonly value: unknown,
  ) {
    super('StateError', `training state: ${message}`);
  }

  static isInstance(error: unknown): error is StateError {
    return isKind(error, 'StateError');
  }
}

/** A saved model that cannot be read: a part is missing, damaged, or of another kind. */
export class ModelFileError extends GanError {
  constructor(
    readonly file: string,
    message: string,
    readonly value?: unknown,
  ) {
    super('ModelFileError', `${file}: ${message}`);
  }

  static isInstance(error: unknown): error is ModelFileError {
    return isKind(error, 'ModelFileError');
  }
}
