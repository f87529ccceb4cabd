import type { ErrorCategory } from '@gansynth/common/errors';
import { lostProcessStatus } from '@gansynth/common/node';

/** What the process's exit status says, so that scripts and schedulers can tell causes apart. */
export const exitCodes = {
  success: 0,
  /** Something nobody foresaw: a bug, here or below. */
  unexpected: 1,
  /** The command line itself: unknown command, option or value. */
  usage: 2,
  /** What was read is not what was needed: recipe, notes, WAV, MIDI, checkpoint, run folder. */
  input: 3,
  /** The machine: no backend, disk full, folder not writable. */
  environment: 4,
  /** Another process holds the run. Try again later. */
  busy: 5,
  /** Training diverged; the last good checkpoint is intact. */
  diverged: 6,
  /** A process of a training by several is lost, and all have ended: the same command goes on. */
  lost: lostProcessStatus,
  /** Ctrl-C, SIGTERM or SIGHUP, what was to be saved being saved. 128 + SIGINT, as shells expect. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The status for each category of error, ours or a library's. */
export const exitCodeOf: Readonly<Record<ErrorCategory, ExitCode>> = {
  usage: exitCodes.usage,
  input: exitCodes.input,
  environment: exitCodes.environment,
  memory: exitCodes.environment,
  busy: exitCodes.busy,
  diverged: exitCodes.diverged,
  interrupted: exitCodes.interrupted,
};
