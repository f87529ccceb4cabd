import { CommanderError } from 'commander';
import { createProgram } from './program.js';
import { exitCodes, type ExitCode } from './exit-codes.js';
import { printError, reportError } from './report-error.js';

/**
 * Runs one command line.
 *
 * @param words what the user typed after `gansynth`
 * @returns the exit status; what there is to say has been written to stdout and stderr
 */
export async function runProgram(words: readonly string[]): Promise<ExitCode> {
  try {
    await createProgram().parseAsync(words, { from: 'user' });
    return exitCodes.success;
  } catch (error) {
    // What follows "--" is another command's.
    const json = (words.includes('--') ? words.slice(0, words.indexOf('--')) : words).includes('--json');
    if (!(error instanceof CommanderError)) return reportError(error, json);
    if (error.exitCode === 0) return exitCodes.success;
    // The parser of options has said it on stderr already, with its hint.
    const message = error.message.replace(/^error: /, '');
    if (json) printError({ kind: 'UsageError', message, exitCode: exitCodes.usage });
    return exitCodes.usage;
  }
}
