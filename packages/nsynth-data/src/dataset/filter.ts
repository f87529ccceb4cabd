import { ArgumentError } from '../errors.js';
import type { NoteLabels } from '../notes/note.js';
import type { NoteTable } from '../table/note-table.js';
import { type Family, families, type Quality, qualities, type Source, sources } from '../notes/vocabulary.js';

/** One number, or the lowest and the highest of a range, both included. */
export type Range = number | readonly [lowest: number, highest: number];

/** Which notes to keep: those that meet every condition given. None of them touches audio. */
export interface NoteFilter {
  readonly source?: Source | readonly Source[];
  readonly family?: Family | readonly Family[];
  /** NSynth's `instrument_str`. */
  readonly instrument?: string | readonly string[];
  /** MIDI. */
  readonly pitch?: Range;
  /** MIDI; NSynth has 25, 50, 75, 100 and 127. */
  readonly velocity?: Range;
  /** Qualities a note must all have. */
  readonly quality?: Quality | readonly Quality[];
  /** Qualities a note must not have. */
  readonly withoutQuality?: Quality | readonly Quality[];
  /** Anything else. Slower than the others: it is given every note's labels. */
  readonly where?: (labels: NoteLabels) => boolean;
}

/** What the paper trains on (section 4.1): acoustic instruments, MIDI 24 to 84 (about 32 to 1000 Hz). */
export const paperSubset: NoteFilter = Object.freeze({ source: 'acoustic', pitch: Object.freeze([24, 84] as const) });

const known = new Set(['source', 'family', 'instrument', 'pitch', 'velocity', 'quality', 'withoutQuality', 'where']);

const list = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? (value as readonly T[]) : [value as T]);

function positions<Name extends string>(field: string, wanted: Name | readonly Name[], names: readonly string[]): number[] {
  return list(wanted).map((name) => {
    const position = name === 'unknown' && field === 'family' ? -1 : names.indexOf(name);
    if (position < 0 && name !== 'unknown')
      throw new ArgumentError(`filter: expected ${field} to be among ${names.join(', ')}, found ${JSON.stringify(name)}`, name);
    return position;
  });
}

function bounds(field: string, range: Range): [lowest: number, highest: number] {
  const [lowest, highest] = typeof range === 'number' ? [range, range] : range;
  if (!(lowest <= highest))
    throw new ArgumentError(
      `filter: expected ${field} to be a number or [lowest, highest], found ${JSON.stringify(range)}`,
      range,
    );
  return [lowest, highest];
}

/** The rows among `rows` that pass, in the same order. */
export function filterRows(table: NoteTable, rows: Uint32Array, filter: NoteFilter): Uint32Array {
  const stranger = Object.keys(filter).find((key) => !known.has(key));
  if (stranger !== undefined)
    throw new ArgumentError(`filter: expected conditions among ${[...known].join(', ')}, found ${stranger}`, filter);
  const { columns } = table;
  const tests: ((row: number) => boolean)[] = [];
  const among = (column: Int8Array | Uint32Array, wanted: readonly number[]): void => {
    const set = new Set(wanted);
    tests.push((row) => set.has(column[row]!));
  };
  const within = (column: Uint8Array, [lowest, highest]: [number, number]): void => {
    tests.push((row) => column[row]! >= lowest && column[row]! <= highest);
  };
  const bits = (field: string, wanted: Quality | readonly Quality[]): number =>
    positions(field, wanted, qualities).reduce((sum, position) => sum | (1 << position), 0);

  if (filter.source !== undefined) among(columns.source, positions('source', filter.source, sources));
  if (filter.family !== undefined) among(columns.family, positions('family', filter.family, families));
  if (filter.instrument !== undefined) {
    const indices = new Map(table.instruments.map((name, index) => [name, index]));
    among(
      columns.instrumentName,
      list(filter.instrument).flatMap((name) => indices.get(name) ?? []),
    );
  }
  if (filter.pitch !== undefined) within(columns.pitch, bounds('pitch', filter.pitch));
  if (filter.velocity !== undefined) within(columns.velocity, bounds('velocity', filter.velocity));
  if (filter.quality !== undefined) {
    const wanted = bits('quality', filter.quality);
    tests.push((row) => (columns.qualities[row]! & wanted) === wanted);
  }
  if (filter.withoutQuality !== undefined) {
    const unwanted = bits('withoutQuality', filter.withoutQuality);
    tests.push((row) => (columns.qualities[row]! & unwanted) === 0);
  }
  const { where } = filter;
  if (where !== undefined) tests.push((row) => where(table.labels(row)));
  return rows.filter((row) => tests.every((test) => test(row)));
}
