import type { Command } from 'commander';
import { UsageError } from '../app/errors.js';

/** A command of this program in somebody's words. */
export interface NamedCommand {
  /** `data import` */
  readonly name: string;
  /** What follows its name. */
  readonly rest: readonly string[];
  /** Whether it can do a share of its work. */
  readonly takesShare: boolean;
}

/**
 * Finds the command that words mean, and refuses what it would refuse, so that no machine is waited for in vain.
 *
 * @param program whose command it is
 * @param words with or without `gansynth` before them
 * @param tasks that share its work; undefined where one does all of it
 * @throws UsageError or what the parser of options throws
 */
export async function namedCommand(program: Command, words: readonly string[], tasks?: number): Promise<NamedCommand> {
  let [command, rest] = [program, words[0] === program.name() ? words.slice(1) : words];
  const names: string[] = [];
  for (;;) {
    const found = command.commands.find((one) => one.name() === rest[0]);
    if (found === undefined) break;
    [command, rest] = [found, rest.slice(1)];
    names.push(found.name());
  }
  const name = names.join(' ');
  if (command.commands.length > 0 || name === 'submit') {
    throw new UsageError(
      `expected a command of gansynth after --, found "${words.join(' ')}". For instance: -- generate --count 100`,
      words,
    );
  }
  const takesShare = command.options.some(({ long }) => long === '--shard');
  const share = takesShare && tasks !== undefined ? ['--shard', `0/${tasks}`] : [];
  // The parser of its options and arguments, and the command's own checks of them (preAction); nothing of what it does.
  command.action(() => undefined);
  try {
    await command.parseAsync([...share, ...rest], { from: 'user' });
  } catch (error) {
    if (share.length === 0 || !UsageError.isInstance(error)) throw error;
    throw new UsageError(`${name} with --array, which gives each task its --shard: ${error.message}`, error.value);
  }
  return { name, rest, takesShare };
}
