import { GansynthError } from '@gansynth/common/errors';
import { define } from '../errors.js';

/** What was seen when a training step was refused. */
export interface Divergence {
  /** The quantity that is not finite or beyond the limit: `critic total loss`, `generator gradient norm`. */
  readonly quantity: string;
  readonly value: number;
  /** What the task trains, e.g. `wavegan`. */
  readonly kind: string;
  /** Examples and steps done before it. */
  readonly done: number;
  readonly steps: number;
  readonly unit: string;
  /** Where in the schedule that is. */
  readonly phase: { readonly index: number; readonly label: string };
  /** The last losses that were still sound, if there was a step before. */
  readonly lastLosses?: Readonly<Record<string, number | undefined>>;
}

/**
 * Training left the region where it can recover: a loss or gradient is not finite, or a loss is beyond the limit. The step that met it
 * was not applied: the task still holds the state from before it.
 */
export class DivergenceError extends GansynthError {
  static {
    define(this, 'DivergenceError', 'diverged');
  }

  constructor(
    readonly report: Divergence,
    readonly limit: number,
  ) {
    const { quantity, value, kind, done, steps, unit, phase, lastLosses = {} } = report;
    const losses = Object.entries(lastLosses).flatMap(([name, loss]) =>
      loss === undefined ? [] : `${name} ${loss.toPrecision(4)}`,
    );
    const last = losses.length > 0 ? ` Last sound losses: ${losses.join(', ')}.` : '';
    const within = limit < Number.MAX_VALUE ? ` within +-${limit}` : '';
    super(
      `${kind}: expected a finite ${quantity}${within}, found ${value} after ${done} ${unit}, ${steps} steps ` +
        `(${phase.label}).${last} The step was not applied. Resume from the last checkpoint with a lower learning rate or a larger batch.`,
    );
  }
}

/** A training state that is none, is of another kind, or lacks something. */
export class StateError extends GansynthError {
  static {
    define(this, 'StateError');
  }

  /** @param value what was found */
  constructor(
    message: string,
    readonly value: unknown,
    options?: ErrorOptions,
  ) {
    super(`state: ${message}`, options);
  }
}
