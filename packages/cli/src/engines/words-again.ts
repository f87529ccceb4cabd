import { Command } from 'commander';
import { UsageError } from '../app/errors.js';
import { givenOptions } from '../app/given-options.js';
import { withEngine } from './options.js';

const engineOptions = new Set(withEngine(new Command()).options.map((option) => option.attributeName()));

/**
 * The options that a command was given, as words for another process; but not those that say where that process is to run, nor how its result is printed.
 */
export const wordsAgain = (command: Command): string[] =>
  command.options.flatMap((option) => {
    const name = option.attributeName();
    if (engineOptions.has(name) || name === 'json' || command.getOptionValueSource(name) === 'default') return [];
    const value: unknown = command.getOptionValue(name);
    if (value === undefined) return [];
    const flag = option.long ?? option.short ?? '';
    return value === true ? [flag] : [flag, String(value)];
  });

/** @throws UsageError where options of an engine were given, and no engine */
export function refuseEngineOptions(command: Command): void {
  const given = givenOptions(command).find((option) => engineOptions.has(option.attributeName()));
  if (given === undefined) return;
  throw new UsageError(`expected --engine with ${given.long}, found none. Name one, or leave ${given.long} out.`, given.long);
}
