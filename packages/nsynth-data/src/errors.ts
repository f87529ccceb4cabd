import { defineErrors, GansynthError } from '@gansynth/common/errors';

const define = defineErrors('nsynth-data');

/** Every error this package throws on purpose; `isInstance` also recognises one thrown by a second copy of the package. */
export class NSynthDataError extends GansynthError {
  static {
    define(this, 'NSynthDataError');
  }
}

/** An argument that cannot be used: an option out of range, a note that is not there, a cursor of another dataset. */
export class ArgumentError extends NSynthDataError {
  static {
    define(this, 'ArgumentError');
  }

  /** What was passed. */
  readonly value: unknown;
  constructor(message: string, value: unknown) {
    super(message);
    this.value = value;
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
  static {
    define(this, 'BadNoteError');
  }
}

/** A file cannot be read any further than `offset`. `onBadNote: 'skip'` keeps what came before and reports the rest as lost. */
export class BadFileError extends FaultError {
  static {
    define(this, 'BadFileError');
  }
}

/** A download that did not arrive whole. What did arrive is kept, and the next call goes on from there. */
export class DownloadError extends NSynthDataError {
  static {
    define(this, 'DownloadError');
  }

  readonly url: string;
  constructor(url: string, reason: string, options?: ErrorOptions) {
    super(`${url}: ${reason}`, options);
    this.url = url;
  }
}
