import { CommanderError } from 'commander';
import { createProgram } from './program.js';
import { exitCodes, type ExitCode } from './exit-codes.js';
import { reportError } from './report-error.js';

/** tfjs-core advises to install tfjs-node whenever another backend runs in Node, and remarks when it is; `gansynth doctor` says it better. */
function muteTfjsAdvice(): void {
  const { warn } = console;
  console.warn = (...parts: unknown[]) => {
    const known = /looks like you are running TensorFlow\.js in Node\.js|Platform node has already been set/;
    if (!known.test(String(parts[0]))) warn(...parts);
  };
}

/**
 * Runs one command line.
 *
 * @param words what the user typed after `gansynth`
 * @returns the exit status; what there is to say has been written to stdout and stderr
 */
export async function runProgram(words: readonly string[]): Promise<ExitCode> {
  muteTfjsAdvice();
  // `gansynth ... | head` is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.success);
    if (error.code !== 'EIO') throw error;
  });
  // After SIGHUP there is no terminal left to write to, and still something to save.
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EIO' && error.code !== 'EPIPE') throw error;
  });
  try {
    await createProgram().parseAsync(words, { from: 'user' });
    return exitCodes.success;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
    return reportError(error, words.includes('--json'));
  }
}
