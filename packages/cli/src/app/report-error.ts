import { explainError, type Explanation } from './explain-error.js';
import type { ExitCode } from './exit-codes.js';

/** An error for a program that asked for JSON, on stdout. */
export function printError({ kind, message, exitCode }: Pick<Explanation, 'kind' | 'message' | 'exitCode'>): void {
  process.stdout.write(`${JSON.stringify({ error: { kind, message, exitCode } }, null, 2)}\n`);
}

/** Tells an error: on stderr for a person, on stdout as well for a program that asked for JSON. */
export function reportError(error: unknown, json: boolean): ExitCode {
  const explanation = explainError(error);
  const { exitCode, message, stack } = explanation;
  if (json) printError(explanation);
  process.stderr.write(`gansynth: ${message}\n`);
  if (stack !== undefined) process.stderr.write(`This should not happen; please report it with the following.\n${stack}\n`);
  return exitCode;
}
