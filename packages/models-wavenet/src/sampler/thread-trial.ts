/** Steps that are timed together: after as many, a single note's older taps are computed. */
const piece = 8;
/** Pieces that are timed, every second on several threads: a hundred steps and some. */
const pieces = 14;
/** Pieces of each kind that do not count: nothing is warm yet. */
const warming = 2;
/** Steps until it is known. */
export const trialSteps: number = piece * pieces;

/** Whether several threads are faster than one, found out by turns in the first hundred steps: all give the same samples. */
export class ThreadTrial {
  #timed = 0;
  /** Of the piece at work, in however many calls it is taken. */
  #steps = 0;
  #milliseconds = 0;
  /** Milliseconds of each piece, on one thread and on several. */
  readonly #times: readonly [number[], number[]] = [[], []];

  get isOver(): boolean {
    return this.#timed >= pieces;
  }

  /** Whether the next steps are for several threads. */
  get takesSeveral(): boolean {
    if (!this.isOver) return this.#timed % 2 === 1;
    const [one, several] = this.#times.map((times) => median(times.slice(warming)));
    return several! < one!;
  }

  /** Steps that may be taken next, from `time` on. */
  mostSteps(time: number): number {
    return this.isOver ? Number.POSITIVE_INFINITY : piece - (time % piece);
  }

  /** Takes the steps from `time` on, no more than {@link mostSteps}, and their milliseconds. A piece of which some are missing does not count. */
  take(time: number, steps: number, work: (takesSeveral: boolean) => void): void {
    const several = this.takesSeveral;
    const began = performance.now();
    work(several);
    if (this.isOver) return;
    if (time % piece === 0) [this.#steps, this.#milliseconds] = [0, 0];
    this.#steps += steps;
    this.#milliseconds += performance.now() - began;
    if ((time + steps) % piece !== 0 || this.#steps !== piece) return;
    this.#times[several ? 1 : 0].push(this.#milliseconds);
    this.#timed++;
  }
}

/** Of an odd number of values. What else the machine does makes some pieces slow, and is to count if it makes most of them slow. */
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
