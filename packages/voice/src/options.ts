import { ArgumentError } from './errors.js';

/** Refuses options that are not known: a misspelt one would be ignored without a word. @throws ArgumentError naming those there are */
export function checkOptions(where: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new ArgumentError(`${where}: expected options out of ${known.join(', ')}, found ${unknown}.`, unknown);
  }
}
