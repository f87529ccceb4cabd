import { defineErrors, GansynthError } from '@gansynth/common/errors';

const define = defineErrors('cli', '');

/** Every error this program foresees. Its message is for the user, its category decides the exit status. */
export class CliError extends GansynthError {
  static {
    define(this, 'CliError');
  }

  constructor(
    message: string,
    /** What was found where something else was expected. */
    readonly value?: unknown,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The command line asks for something that cannot be asked for. */
export class UsageError extends CliError {
  static {
    define(this, 'UsageError', 'usage');
  }
}

/** A file or folder is not what it should be. */
export class InputError extends CliError {
  static {
    define(this, 'InputError', 'input');
  }
}

/** The machine lacks something: a backend, room on the disk, the right to write. */
export class EnvironmentError extends CliError {
  static {
    define(this, 'EnvironmentError', 'environment');
  }
}

/** Somebody else is working on the run. */
export class BusyError extends CliError {
  static {
    define(this, 'BusyError', 'busy');
  }
}

/** The user asked to stop, and what was to be saved is. */
export class InterruptedError extends CliError {
  static {
    define(this, 'InterruptedError', 'interrupted');
  }
}

/** A training that ran left a network as it was. */
export class NothingLearnedError extends CliError {
  static {
    define(this, 'NothingLearnedError', 'diverged');
  }
}
