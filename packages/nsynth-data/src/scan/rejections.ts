import { BadFileError, BadNoteError, type Fault } from '../errors.js';

/** What to do with a note that cannot be used: stop, or count it and go on. */
export type OnBadNote = 'throw' | 'skip';

const listed = 1000;

/** What was refused and why: every one is counted, the first 1,000 are listed. */
export interface RejectionReport {
  readonly count: number;
  readonly faults: readonly Fault[];
}

/** Collects what is refused, and stops at the first fault if told to. */
export class Rejections implements RejectionReport {
  readonly #policy: OnBadNote;
  readonly #faults: Fault[] = [];
  #count = 0;
  #bad = 0;

  constructor(policy: OnBadNote, before: RejectionReport = { count: 0, faults: [] }, bad = 0) {
    this.#policy = policy;
    this.#count = before.count;
    this.#faults.push(...before.faults);
    this.#bad = bad;
  }

  get count(): number {
    return this.#count;
  }

  get faults(): readonly Fault[] {
    return this.#faults;
  }

  /** How many of them `throw` would have stopped at. */
  get bad(): number {
    return this.#bad;
  }

  /** Lists what is left out without being wrong. */
  mention({ file, record, offset, reason }: Fault): void {
    this.#count++;
    if (this.#faults.length >= listed) return;
    this.#faults.push({
      file,
      ...(record === undefined ? {} : { record }),
      ...(offset === undefined ? {} : { offset }),
      reason,
    });
  }

  /** Counts a bad note or file under `skip`; throws it under `throw`, and whatever is no fault of the data always. */
  add(error: unknown): void {
    const isFault = BadNoteError.isInstance(error) || BadFileError.isInstance(error);
    if (this.#policy === 'throw' || !isFault) throw error;
    this.#bad++;
    this.mention(error);
  }
}
