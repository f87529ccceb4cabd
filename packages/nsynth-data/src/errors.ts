const mark = (name: string): symbol => Symbol.for(`gansynth.nsynth-data.${name}`);

const isMarked = (value: unknown, marker: symbol): boolean =>
  typeof value === 'object' && value !== null && marker in value && (value as Record<symbol, unknown>)[marker] === true;

const baseMarker = mark('NSynthDataError');
const argumentMarker = mark('ArgumentError');
const noteMarker = mark('BadNoteError');
const fileMarker = mark('BadFileError');
const downloadMarker = mark('DownloadError');

/** Every error this package throws on purpose; `isInstance` also recognises one thrown by a second copy of the package. */
export class NSynthDataError extends Error {
  override readonly name: string = 'NSynthDataError';
  constructor(message: string, options?: ErrorOptions) {
    super(`nsynth-data: ${message}`, options);
    Object.defineProperty(this, baseMarker, { value: true });
  }
  static isInstance(error: unknown): error is NSynthDataError {
    return isMarked(error, baseMarker);
  }
}

/** An argument that cannot be used: an option out of range, a note that is not there, a cursor of another dataset. */
export class ArgumentError extends NSynthDataError {
  override readonly name = 'ArgumentError';
  /** What was passed. */
  readonly value: unknown;
  constructor(message: string, value: unknown) {
    super(message);
    this.value = value;
    Object.defineProperty(this, argumentMarker, { value: true });
  }
  static override isInstance(error: unknown): error is ArgumentError {
    return isMarked(error, argumentMarker);
  }
}

/** Where something was wrong, for an error and for a report alike. */
export interface Fault {
  /** File, as a path. */
  readonly file: string;
  /** Note, archive entry or record number inside the file, where one can be named. */
  readonly record?: string;
  /** Bytes from the start of the file (of the unpacked stream, for `.gz`) where the damage begins. */
  readonly offset?: number;
  /** What was expected, what was found, and what to do about it. */
  readonly reason: string;
}

const where = ({ file, record, offset }: Fault): string =>
  [file, record, offset === undefined ? undefined : `at byte ${offset}`].filter((part) => part !== undefined).join(': ');

abstract class FaultError extends NSynthDataError implements Fault {
  readonly file: string;
  readonly record?: string;
  readonly offset?: number;
  readonly reason: string;
  constructor(fault: Fault, options?: ErrorOptions) {
    super(`${where(fault)}: ${fault.reason}`, options);
    this.file = fault.file;
    if (fault.record !== undefined) this.record = fault.record;
    if (fault.offset !== undefined) this.offset = fault.offset;
    this.reason = fault.reason;
  }
}

/** One note is unusable; the others in the same file are not affected. `onBadNote: 'skip'` counts these and goes on. */
export class BadNoteError extends FaultError {
  override readonly name = 'BadNoteError';
  constructor(fault: Fault, options?: ErrorOptions) {
    super(fault, options);
    Object.defineProperty(this, noteMarker, { value: true });
  }
  static override isInstance(error: unknown): error is BadNoteError {
    return isMarked(error, noteMarker);
  }
}

/** A file cannot be read any further than `offset`. `onBadNote: 'skip'` keeps what came before and reports the rest as lost. */
export class BadFileError extends FaultError {
  override readonly name = 'BadFileError';
  constructor(fault: Fault, options?: ErrorOptions) {
    super(fault, options);
    Object.defineProperty(this, fileMarker, { value: true });
  }
  static override isInstance(error: unknown): error is BadFileError {
    return isMarked(error, fileMarker);
  }
}

/** A download that did not arrive whole. What did arrive is kept, and the next call goes on from there. */
export class DownloadError extends NSynthDataError {
  override readonly name = 'DownloadError';
  readonly url: string;
  constructor(url: string, reason: string, options?: ErrorOptions) {
    super(`${url}: ${reason}`, options);
    this.url = url;
    Object.defineProperty(this, downloadMarker, { value: true });
  }
  static override isInstance(error: unknown): error is DownloadError {
    return isMarked(error, downloadMarker);
  }
}
