import { NotComparableError, ValueError } from '../errors.js';

/**
 * A score that is fed piece by piece. Whatever way examples are split over batches, processes or machines, and in whatever order they come,
 * `compute` gives the same number (to rounding, below 1e-9).
 */
export interface Accumulator<Batch, Result> {
  /** Takes more examples. Refused batches leave the accumulator as it was. */
  update(batch: Batch): void;
  /** Takes what another accumulator of the same kind and settings (or its `toJSON`) has seen. */
  merge(other: Accumulator<Batch, Result> | AccumulatorState): void;
  /** The score of everything seen so far. */
  compute(): Result;
  /** Plain data from which the accumulator goes on after JSON; see the `state` argument of its maker. */
  toJSON(): AccumulatorState;
}

/** What `toJSON` of an accumulator gives. */
export interface AccumulatorState {
  /** Name of the score, for instance `pitchAccuracy`. */
  readonly kind: string;
  /** What must be equal for two states to be merged. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Sums and counts. */
  readonly sums: Readonly<Record<string, unknown>>;
}

/** The state of `other` once it is sure that it may be merged into an accumulator of this kind and settings. */
export function mergeable(
  other: { toJSON(): AccumulatorState } | AccumulatorState,
  kind: string,
  settings: Readonly<Record<string, unknown>>,
): AccumulatorState {
  const given: unknown = other;
  if (typeof given !== 'object' || given === null) {
    throw new ValueError(`${kind}: expected an accumulator or what its toJSON gave, found ${String(given)}.`, given);
  }
  const state = 'toJSON' in other && typeof other.toJSON === 'function' ? other.toJSON() : (other as AccumulatorState);
  if (typeof state.settings !== 'object' || typeof state.sums !== 'object') {
    throw new ValueError(
      `${kind}: expected kind, settings and sums of an accumulator, found ${Object.keys(state).join(', ')}.`,
      state,
    );
  }
  const differences: string[] = [];
  if (state.kind !== kind) differences.push(`kind: ${kind} and ${state.kind}`);
  else {
    for (const key of new Set([...Object.keys(settings), ...Object.keys(state.settings)])) {
      const [a, b] = [JSON.stringify(settings[key]), JSON.stringify(state.settings[key])];
      if (a !== b) differences.push(`${key}: ${a} and ${b}`);
    }
  }
  if (differences.length > 0) {
    throw new NotComparableError(
      `${kind}: merge: expected an accumulator of the same kind and settings, found ${differences.join('; ')}.`,
      differences,
    );
  }
  return state;
}
