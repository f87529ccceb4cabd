/** Steps that are timed together: after as many, a single note's older taps are computed. */
const piece = 8;
/** Pieces that are timed, every second on several threads: a hundred steps. */
const pieces = 12;

/** Whether several threads are faster than one, found out by turns in the first hundred steps: all give the same samples. */
export class ThreadTrial {
  #timed = 0;
  /** Milliseconds of the fastest piece, on one thread and on several. */
  readonly #best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];

  get isOver(): boolean {
    return this.#timed >= pieces;
  }

  /** Whether the next steps are for several threads. */
  get takesSeveral(): boolean {
    return this.isOver ? this.#best[1]! < this.#best[0]! : this.#timed % 2 === 1;
  }

  /** Steps that may be taken next, from `time` on. */
  mostSteps(time: number): number {
    return this.isOver ? Number.POSITIVE_INFINITY : piece - (time % piece);
  }

  /** Takes steps, and their time. */
  time(steps: number, work: (takesSeveral: boolean) => void): void {
    const several = this.takesSeveral;
    const began = performance.now();
    work(several);
    if (this.isOver || steps < piece) return;
    const kind = several ? 1 : 0;
    this.#best[kind] = Math.min(this.#best[kind]!, performance.now() - began);
    this.#timed++;
  }
}
