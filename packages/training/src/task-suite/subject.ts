import type { SavedTrainingState } from '../loop/training-state.js';
import type { TrainingTask } from '../loop/training-task.js';

/**
 * Called before each batch that a task asks for, with its number, 1 the first.
 *
 * @returns the name of what shall be wrong with the batch; undefined: nothing
 */
export type Tamper = (call: number) => string | undefined;

/** A kind of task, in a size that trains in milliseconds, as the suite wants to see it. */
export interface TaskSubject {
  /**
   * A fresh task on fresh data, always the same; to be trained to its end in a few steps, on batches whose size is a power of two. Its data
   * come without waiting for anything, through {@link tamperedSource}.
   */
  create(tamper: Tamper): TrainingTask;
  /** Goes on from a state alone, on fresh data that stand somewhere else until they are restored. */
  resume(state: SavedTrainingState): Promise<TrainingTask>;
  /** A task whose first step is sound and whose second diverges. */
  createDiverging(): TrainingTask;
  /** Names of faults that `create` knows, and the message with which a batch that has one is refused. */
  readonly refusals: Readonly<Record<string, RegExp>>;
  /** Steps after which the task is stopped and resumed. Default: each but the last. */
  readonly stops?: readonly number[];
  /** Numbers of processes that share the micro-batches of the task's batches; each gets a power of two of them. Default: none. */
  readonly processes?: readonly number[];
}

/** Thrown by a source whose batch was asked to be `throws`. */
export const sourceFailure = 'the source failed';

/**
 * A source of batches in which some are faulty.
 *
 * @param faults makes a batch faulty, by the fault's name. The fault `throws`, a source that fails, is known without.
 */
export function tamperedSource<Args extends readonly unknown[], Batch, Source extends { next(...args: Args): Promise<Batch> }>(
  source: Source & { next(...args: Args): Promise<Batch> },
  tamper: Tamper,
  faults: Readonly<Record<string, (batch: Batch) => Batch>> = {},
): Source {
  let calls = 0;
  return {
    ...source,
    next: async (...args: Args): Promise<Batch> => {
      const fault = tamper(++calls);
      if (fault === 'throws') throw new Error(sourceFailure);
      const batch = await source.next(...args);
      return fault === undefined ? batch : (faults[fault]?.(batch) ?? batch);
    },
  };
}
