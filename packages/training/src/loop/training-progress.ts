import { ArgumentError } from '../errors.js';
import { jsonField } from '../json.js';
import { StateError } from './errors.js';

/** Numbers by name; an absent term is undefined. */
export type Numbers = Readonly<Record<string, number | undefined>>;

/** The loop's account of a task: a task makes one, reads it, and leaves the counting to the loop. */
export class TrainingProgress {
  #steps = 0;
  #done = 0;
  #lastLosses: Numbers | undefined;
  #busy = false;

  /** Steps made so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Examples learnt from so far. */
  get done(): number {
    return this.#done;
  }

  /** Losses of the last step, unless there was none in this process. */
  get lastLosses(): Numbers | undefined {
    return this.#lastLosses;
  }

  /** The loop's: counts a step. */
  advance(examples: number, losses: Numbers): void {
    this.#steps++;
    this.#done += examples;
    this.#lastLosses = losses;
  }

  /**
   * Takes over saved counts.
   *
   * @throws StateError if they are none
   */
  restore(manifest: unknown): void {
    const [steps, done] = [count(manifest, 'steps'), count(manifest, 'done')];
    this.#steps = steps;
    this.#done = done;
    this.#lastLosses = undefined;
  }

  /** @throws ArgumentError while {@link exclusively} is at work */
  checkIdle(what: string): void {
    if (!this.#busy) return;
    throw new ArgumentError(
      what,
      'expected no other step or snapshot of this task in progress, found one. Await it first.',
      what,
    );
  }

  /** The loop's: does work that nothing else may go on beside. */
  async exclusively<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    this.checkIdle(what);
    this.#busy = true;
    try {
      return await work();
    } finally {
      this.#busy = false;
    }
  }
}

function count(manifest: unknown, field: 'steps' | 'done'): number {
  const value = jsonField(manifest, field);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new StateError(`expected ${field} as a whole number, found ${JSON.stringify(value)}.`, value);
}
