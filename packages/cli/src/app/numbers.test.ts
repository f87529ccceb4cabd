import type { Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { integer, list, real } from './numbers.js';
import { createProgram } from './program.js';

const nested = (command: Command): Command[] => [command, ...command.commands.flatMap(nested)];

/** Every option with a value of every command, and the command it belongs to. */
const options = nested(createProgram()).flatMap((command) =>
  command.options
    .filter((option) => option.required && !option.argChoices)
    .map((option) => ({ command: command.name(), option })),
);

const placeholder = ({ flags }: Option): string => /<([^>]+)>/.exec(flags)?.[1] ?? '';

/** What may be any text: names of things, which are looked up. */
const texts = new Set([
  'file',
  'folder',
  'path',
  'paths...',
  'url',
  'model',
  'recipe',
  'latent',
  'names',
  'text',
  'backend',
  'sources',
  'address',
  'name',
  'image',
  'line',
  'option',
]);

const parse = (option: Option, text: string): unknown => option.parseArg?.(text, undefined);

describe('options', () => {
  it.each(options.filter(({ option }) => !texts.has(placeholder(option))))(
    '$command $option.flags refuses what is no number, and what no machine could hold',
    ({ option }) => {
      expect(option.parseArg, 'it needs a parser').toBeTypeOf('function');
      for (const bad of ['abc', '', ' ', 'NaN', 'Infinity', '-Infinity', '1e999', '0x10', '1_000', '5 apples', '1e300']) {
        // The speed of a machine has no bound that would be known.
        if (bad === '1e300' && /gigaflops|times/.test(option.flags)) continue;
        expect(() => parse(option, bad), bad).toThrow(/[Ee]xpected/);
      }
    },
  );

  it('name their range and what was found', () => {
    expect(() => integer({ from: 1, to: 9 })('10')).toThrow('Expected a whole number from 1 to 9, found "10".');
    expect(() => integer({ from: 1, to: 9 })('1.5')).toThrow(/whole number/);
    expect(() => real({ above: 0, below: 1 })('0')).toThrow('Expected a number above 0 below 1, found "0".');
    expect(() => real({ above: 0, to: 60 })('61')).toThrow('Expected a number above 0 to 60, found "61".');
    expect(() => real({ from: 3 })('2')).toThrow('Expected a number of at least 3, found "2".');
    expect(integer({ from: -3, to: 3 })('-3')).toBe(-3);
    expect(real()(' 1.5e-3 ')).toBe(0.0015);
    expect(list(real())('0,.3,1')).toEqual([0, 0.3, 1]);
  });
});
