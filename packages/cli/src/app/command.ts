import { setTimeout as wait } from 'node:timers/promises';
import { Option, type Command } from 'commander';
import { InterruptedError } from './errors.js';
import { exitCodes } from './exit-codes.js';
import { isAbort } from '@gansynth/common/breathe';
import { onInterrupt } from './interrupt.js';
import { reportError } from './report-error.js';
import { createProgress, type Progress } from './progress.js';

/** What a command gets besides its own arguments. */
export interface Context {
  /** Aborts at the first Ctrl-C: save what is worth it and stop. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** What there will be if the command is stopped now: the end of the message then. Until it is called that is nothing. */
  readonly keeps: (what: string) => void;
  /** A line that is not part of the result, on stderr. */
  readonly note: (line: string) => void;
  readonly json: boolean;
}

export interface PerformOptions {
  /** The command saves when it is asked to stop, and is not ended before it has. */
  readonly savesWhenStopped?: boolean;
  /** Processes that MPI has started are one command: only the first speaks, unless another one fails. */
  readonly isOneInMpi?: boolean;
}

/** What a command answers. `data` is what `--json` prints; `text` what a person reads. */
export interface Result {
  readonly data: unknown;
  readonly text?: string;
}

/** Milliseconds that an error of MPI's first process has to end all, where it is the same on all: it is then told once. */
const precedence = 3000;

interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/**
 * Gives a command its action: the common options, interruption, progress, and the printing of its result.
 *
 * @param run receives the context, the command's arguments, its options
 */
export function perform<Options, Words extends readonly (string | readonly string[])[] = readonly string[]>(
  command: Command,
  run: (context: Context, options: Options, ...words: Words) => Promise<Result>,
  { savesWhenStopped = false, isOneInMpi = false }: PerformOptions = {},
): Command {
  command
    .addOption(new Option('--json', 'print the result as one JSON document on stdout'))
    .addOption(new Option('-q, --quiet', 'no progress'));
  return command.action(async (...parameters: unknown[]) => {
    const options = parameters.at(-2) as Options & CommonOptions;
    // As many as the command has declared: commander has refused what lacks one.
    const words = parameters.slice(0, -2) as unknown as Words;
    const json = options.json === true;
    const { rank = 0 } = (isOneInMpi && (await import('@gansynth/common/node')).processOfEnvironment()) || {};
    const speaks = rank === 0;
    const style = options.quiet === true || !speaks ? 'none' : process.stderr.isTTY ? 'bar' : 'lines';
    const progress = createProgress({ stream: process.stderr, style });
    let kept = 'Nothing was kept.';
    const stopped = (): InterruptedError => new InterruptedError(`Stopped. ${kept}`);
    const interrupt = onInterrupt({
      tell: (line) => progress.note(line),
      saves: savesWhenStopped,
      giveUp: () => reportError(stopped(), json),
    });
    const { signal } = interrupt;
    try {
      const context: Context = {
        signal,
        progress,
        keeps: (what) => (kept = what),
        note: (line) => progress.note(line),
        json,
      };
      const result = await run(context, options, ...words);
      if (!speaks) return;
      if (!signal.aborted) return print(json ? JSON.stringify(result.data, null, 2) : result.text);
    } catch (error) {
      const isStopped = isAbort(error, signal);
      if (!speaks) {
        // Others may not have closed what joins them: the status says why.
        if (isStopped) process.exit(exitCodes.interrupted);
        await wait(precedence);
        process.stderr.write(`gansynth: process ${rank} failed:\n`);
      }
      if (!isStopped) throw error;
    } finally {
      interrupt.release();
    }
    throw stopped();
  });
}

const print = (text: string | undefined): void => {
  if (text !== undefined && text !== '') process.stdout.write(`${text}\n`);
};

/** Examples at the end of a command's help: pairs of a command line and what it does. */
export function examples(command: Command, lines: readonly (readonly [line: string, what: string])[]): Command {
  const shown = lines.map(([line, what]) => `  ${what}\n    $ ${line}`).join('\n');
  return command.addHelpText('after', `\nExamples:\n${shown}`);
}
