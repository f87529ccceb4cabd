import { Option, type Command } from 'commander';
import { InterruptedError } from './errors.js';
import { onInterrupt } from './interrupt.js';
import { createProgress, type Progress } from './progress.js';

/** What a command gets besides its own arguments. */
export interface Context {
  /** Aborts at the first Ctrl-C: save what is worth it and stop. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** A line that is not part of the result, on stderr. */
  readonly note: (line: string) => void;
  readonly json: boolean;
}

/** What a command answers. `data` is what `--json` prints; `text` what a person reads. */
export interface Result {
  readonly data: unknown;
  readonly text?: string;
}

interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/**
 * Gives a command its action: the common options, interruption, progress, and the printing of its result.
 *
 * @param run receives the context, the command's arguments, its options
 */
export function perform<Options>(
  command: Command,
  run: (context: Context, options: Options, ...words: string[]) => Promise<Result>,
): Command {
  command
    .addOption(new Option('--json', 'print the result as one JSON document on stdout'))
    .addOption(new Option('-q, --quiet', 'no progress'));
  return command.action(async (...parameters: unknown[]) => {
    const options = parameters.at(-2) as Options & CommonOptions;
    const words = parameters.slice(0, -2) as string[];
    const json = options.json === true;
    const style = options.quiet === true ? 'none' : process.stderr.isTTY ? 'bar' : 'lines';
    const progress = createProgress({ stream: process.stderr, style });
    const interrupt = onInterrupt((line) => progress.note(line));
    try {
      const context: Context = { signal: interrupt.signal, progress, note: (line) => progress.note(line), json };
      const result = await run(context, options, ...words);
      print(json ? JSON.stringify(result.data, null, 2) : result.text);
      if (interrupt.signal.aborted) throw new InterruptedError('Stopped by request; everything so far is saved.');
    } finally {
      interrupt.release();
    }
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
