import { exitCodes, type ExitCode } from './exit-codes.js';

const mark = (name: string): symbol => Symbol.for(`gansynth.cli.${name}`);
const baseMarker = mark('CliError');

/** Every error this program foresees. Its message is for the user, `exitCode` for the shell. */
export class CliError extends Error {
  override readonly name: string = 'CliError';
  readonly exitCode: ExitCode = exitCodes.unexpected;

  constructor(
    message: string,
    /** What was found where something else was expected. */
    readonly value?: unknown,
    options?: ErrorOptions,
  ) {
    super(message, options);
    Object.defineProperty(this, baseMarker, { value: true });
  }

  static isInstance(error: unknown): error is CliError {
    return error instanceof Error && baseMarker in error;
  }
}

/** The command line asks for something that cannot be asked for. */
export class UsageError extends CliError {
  override readonly name: string = 'UsageError';
  override readonly exitCode: ExitCode = exitCodes.usage;
}

/** A file or folder is not what it should be. */
export class InputError extends CliError {
  override readonly name: string = 'InputError';
  override readonly exitCode: ExitCode = exitCodes.input;
}

/** The machine lacks something: a backend, room on the disk, the right to write. */
export class EnvironmentError extends CliError {
  override readonly name: string = 'EnvironmentError';
  override readonly exitCode: ExitCode = exitCodes.environment;
}

/** Somebody else is working on the run. */
export class BusyError extends CliError {
  override readonly name: string = 'BusyError';
  override readonly exitCode: ExitCode = exitCodes.busy;
}

/** The user asked to stop, and everything is saved. */
export class InterruptedError extends CliError {
  override readonly name: string = 'InterruptedError';
  override readonly exitCode: ExitCode = exitCodes.interrupted;
}
