import type { Command, Option } from 'commander';

/** Options that stand on the command line, and have their values neither by default nor from the environment. */
export const givenOptions = (command: Command): Option[] =>
  command.options.filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli');
