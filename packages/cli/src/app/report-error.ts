import { explainError } from './explain-error.js';
import type { ExitCode } from './exit-codes.js';

/** Tells an error: on stderr for a person, on stdout as well for a program that asked for JSON. */
export function reportError(error: unknown, json: boolean): ExitCode {
  const { exitCode, message, kind, stack } = explainError(error);
  if (json) process.stdout.write(`${JSON.stringify({ error: { kind, message, exitCode } }, null, 2)}\n`);
  process.stderr.write(`gansynth: ${message}\n`);
  if (stack !== undefined) process.stderr.write(`This should not happen; please report it with the following.\n${stack}\n`);
  return exitCode;
}
