import { InvalidArgumentError } from 'commander';

/** Which numbers an option takes; without bounds any finite one. */
export interface Range {
  readonly from?: number;
  readonly to?: number;
  /** Like `from` and `to`, themselves left out. */
  readonly above?: number;
  readonly below?: number;
}

type NumberParser = (text: string) => number;

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

const describe = (kind: string, { from, to, above, below }: Range): string => {
  const words = [
    ...(from === undefined ? [] : [to === undefined ? `of at least ${from}` : `from ${from}`]),
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(to === undefined ? [] : [from === undefined && above === undefined ? `up to ${to}` : `to ${to}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
  ];
  return [kind, ...words].join(' ');
};

function parser(kind: string, accepts: (value: number) => boolean, range: Range): NumberParser {
  const { from = -Infinity, to = Infinity, above = -Infinity, below = Infinity } = range;
  return (text) => {
    const value = decimal.test(text.trim()) ? Number(text) : Number.NaN;
    if (accepts(value) && value >= from && value <= to && value > above && value < below) return value;
    throw new InvalidArgumentError(`Expected ${describe(kind, range)}, found "${text}".`);
  };
}

/** Parser of an option's number, in decimal notation. @throws InvalidArgumentError that names the range */
export const real = (range: Range = {}): NumberParser => parser('a number', Number.isFinite, range);

/** Parser of an option's whole number. @throws InvalidArgumentError that names the range */
export const integer = (range: Range): NumberParser => parser('a whole number', Number.isSafeInteger, range);

/** Parser of numbers with commas between them. */
export const list =
  (each: NumberParser) =>
  (text: string): number[] =>
    text.split(',').map(each);

/** A length in seconds; a minute is longer than any note. */
export const noteSeconds: NumberParser = real({ above: 0, to: 60 });
/** Hz */
export const sampleRate: NumberParser = integer({ from: 1000, to: 768_000 });
export const seed: NumberParser = integer({ from: 0, to: Number.MAX_SAFE_INTEGER });
/** Of a training session: up to a year. */
export const minutes: NumberParser = real({ above: 0, to: 366 * 24 * 60 });
export const velocity: NumberParser = integer({ from: 0, to: 127 });
/** Steps of a training. */
export const trainingSteps: NumberParser = integer({ from: 1, to: 10_000_000 });
