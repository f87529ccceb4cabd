import { FigureError } from './errors.js';
import { short } from './text.js';

export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** One axis of a panel. */
export interface Axis {
  /** What it shows, with its unit: "time in ms". */
  readonly label?: string | undefined;
  /** Values at its two ends: left and right, or bottom and top; either may be the larger. */
  readonly domain: readonly [from: number, to: number];
  /** Logarithmic: both ends above 0. Default linear. */
  readonly log?: boolean | undefined;
  /** Default: about four, at round numbers. Empty: none. */
  readonly ticks?: readonly Tick[] | undefined;
  /** Lines across the panel at the ticks. Default true. */
  readonly grid?: boolean | undefined;
}

/** Values to pixels. */
export function scaleOf(
  { domain: [from, to], log = false }: Axis,
  range: readonly [from: number, to: number],
): (value: number) => number {
  if (!Number.isFinite(from) || !Number.isFinite(to) || from === to || (log && !(from > 0 && to > 0)))
    throw new FigureError(`axis: expected two different ends${log ? ' above 0' : ''}, found ${from} and ${to}.`, [from, to]);
  const place = log ? Math.log : (value: number): number => value;
  const [a, b] = [place(from), place(to)];
  return (value) => range[0] + ((place(value) - a) / (b - a)) * (range[1] - range[0]);
}

const tick = (at: number): Tick => ({ at, label: short(at) });

/** Steps of 1, 2 or 5 times a power of ten that cut a range into about `count`; powers of ten, or of a thousand, of a logarithmic axis. */
export function ticksOf({ domain, log = false, ticks }: Axis, count = 4): readonly Tick[] {
  if (ticks !== undefined) return ticks;
  const [low, high] = [Math.min(...domain), Math.max(...domain)];
  if (log) {
    const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
    const step = Math.max(1, Math.ceil((last - first) / (2 * count)));
    return Array.from({ length: Math.max(0, Math.floor((last - first) / step) + 1) }, (_, i) => tick(10 ** (first + i * step)));
  }
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999)! * power;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.max(0, Math.floor(high / step + 1e-9) - first + 1) }, (_, i) => tick((first + i) * step));
}

/** The ends of values, `margin` of the range wider on both sides; a little more than nothing for equal ones. */
export function extent(values: Iterable<number>, margin = 0.05): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (low > high) throw new FigureError('expected values to draw, found none.', values);
  const room = high - low < 1e-12 ? Math.max(0.5, Math.abs(low) * 0.1) : margin * (high - low);
  return [low - room, high + room];
}
