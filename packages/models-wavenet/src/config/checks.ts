import type { Range } from '@gansynth/model-files';
import { ConfigError } from '../errors.js';

export function checkWhole(field: string, value: number, { from, to }: Range): void {
  if (!(Number.isInteger(value) && value >= from && value <= to))
    throw new ConfigError(field, `expected a whole number from ${from} to ${to}, found ${JSON.stringify(value)}.`, value);
}

export function checkNumber(field: string, value: number, { from, to }: Range): void {
  if (!(Number.isFinite(value) && value >= from && value <= to))
    throw new ConfigError(field, `expected a number from ${from} to ${to}, found ${JSON.stringify(value)}.`, value);
}

export function checkChoice(field: string, value: unknown, choices: readonly string[]): void {
  if (!choices.some((choice) => choice === value))
    throw new ConfigError(field, `expected one of ${choices.join(', ')}, found ${JSON.stringify(value)}.`, value);
}
