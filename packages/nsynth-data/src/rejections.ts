import { BadFileError, BadNoteError, type Fault } from './errors.js';

/** What to do with a note that cannot be used: stop, or count it and go on. */
export type OnBadNote = 'throw' | 'skip';

const listed = 1000;

/** What was refused and why: every one is counted, the first 1,000 are listed. */
export class Rejections {
  readonly #policy: OnBadNote;
  readonly #faults: Fault[] = [];
  #count = 0;

  constructor(policy: OnBadNote, before: { count: number; faults: readonly Fault[] } = { count: 0, faults: [] }) {
    this.#policy = policy;
    this.#count = before.count;
    this.#faults.push(...before.faults);
  }

  get count(): number {
    return this.#count;
  }

  get faults(): readonly Fault[] {
    return this.#faults;
  }

  /** Counts a bad note or file under `skip`; throws it under `throw`, and whatever is no fault of the data always. */
  add(error: unknown): void {
    const isFault = BadNoteError.isInstance(error) || BadFileError.isInstance(error);
    if (this.#policy === 'throw' || !isFault) throw error;
    this.#count++;
    const { file, record, offset, reason } = error;
    if (this.#faults.length < listed)
      this.#faults.push({
        file,
        ...(record === undefined ? {} : { record }),
        ...(offset === undefined ? {} : { offset }),
        reason,
      });
  }
}
