import { ArgumentError, BadFileError } from '../errors.js';
import { IdLookup } from '../table/id-lookup.js';
import type { NoteTable } from '../table/note-table.js';
import { readWhole } from '../files/plain-file.js';
import { permutation } from '../random.js';
import { StringColumn } from '../table/string-column.js';

/** Parts drawn at random: single notes, or whole instruments, so that no instrument is in two parts. */
export interface RandomSplit<Part extends string> {
  readonly by: 'note' | 'instrument';
  /** Share of each part; they add up to 1. By instrument the shares of notes are met as nearly as instruments allow. */
  readonly parts: Readonly<Record<Part, number>>;
  /** The same seed gives the same parts. Default 0. */
  readonly seed?: number;
}

/** Parts that somebody published, as a list of note ids. See `readSplitFile`. */
export interface PublishedSplit {
  readonly by: 'file';
  /** Names of the parts, in the order they first occur. */
  readonly parts: readonly string[];
  /** Position of a note's part in `parts`, or -1 for a note that is in none. */
  readonly partOf: (id: string) => number;
}

/** The paper's split (section 4.1): notes shuffled, 80 % to train on, 20 % to test on. */
export const paperSplit: RandomSplit<'train' | 'test'> = Object.freeze({
  by: 'note',
  parts: Object.freeze({ train: 0.8, test: 0.2 }),
  seed: 0,
});

function shares(parts: Readonly<Record<string, number>>): [name: string, share: number][] {
  const entries = Object.entries(parts);
  const total = entries.reduce((sum, [, share]) => sum + share, 0);
  if (entries.length === 0 || entries.some(([, share]) => !(share >= 0)) || Math.abs(total - 1) > 1e-9)
    throw new ArgumentError(`split: expected shares from 0 on that add up to 1, found ${JSON.stringify(parts)}`, parts);
  return entries;
}

/** Rows of each part; inside a part they keep their order. */
export function splitRows(
  table: NoteTable,
  rows: Uint32Array,
  split: RandomSplit<string> | PublishedSplit,
): Record<string, Uint32Array> {
  if (split.by === 'file') {
    const parts = split.parts.map((): number[] => []);
    for (const row of rows) parts[split.partOf(table.ids.get(row))]?.push(row);
    if (rows.length > 0 && parts.every((part) => part.length === 0))
      throw new ArgumentError(
        `split: expected a split file that names notes of this dataset, found none of its ${rows.length}`,
        split,
      );
    return Object.fromEntries(split.parts.map((name, index) => [name, Uint32Array.from(parts[index]!)]));
  }
  if (split.by !== 'note' && split.by !== 'instrument')
    throw new ArgumentError(`split: expected by: 'note', 'instrument' or a split file, found ${JSON.stringify(split)}`, split);
  const parts = shares(split.parts);
  const assigned =
    split.by === 'note' ? byNote(rows.length, parts, split.seed ?? 0) : byInstrument(table, rows, parts, split.seed ?? 0);
  return Object.fromEntries(parts.map(([name], part) => [name, rows.filter((_, index) => assigned[index] === part)]));
}

/** Part of each position: cuts through a shuffled list at the cumulated shares. */
function byNote(length: number, parts: readonly [string, number][], seed: number): Uint8Array {
  const assigned = new Uint8Array(length);
  const order = permutation(length, seed);
  let share = 0;
  let from = 0;
  for (const [part, [, own]] of parts.entries()) {
    share += own;
    const to = part === parts.length - 1 ? length : Math.round(share * length);
    for (; from < to; from++) assigned[order[from]!] = part;
  }
  return assigned;
}

/** Part of each position: each instrument in a shuffled list goes to the part that lacks most of its share. */
function byInstrument(table: NoteTable, rows: Uint32Array, parts: readonly [string, number][], seed: number): Uint8Array {
  const instrumentOf = (row: number): number => table.columns.instrumentName[row]!;
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(instrumentOf(row), (counts.get(instrumentOf(row)) ?? 0) + 1);
  const names = [...counts.keys()].sort((a, b) => (table.instruments[a]! < table.instruments[b]! ? -1 : 1));
  const lacking = parts.map(([, share]) => share * rows.length);
  const partOf = new Map<number, number>();
  for (const position of permutation(names.length, seed)) {
    const name = names[position]!;
    const part = lacking.indexOf(Math.max(...lacking));
    partOf.set(name, part);
    lacking[part] = lacking[part]! - counts.get(name)!;
  }
  return Uint8Array.from(rows, (row) => partOf.get(instrumentOf(row))!);
}

const cells = (line: string): string[] => line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));

/**
 * Reads a split as published: a CSV with the columns `id` and `split`, such as GANSynth's own `nsynth-gansynth_splits.csv`.
 *
 * @throws BadFileError if a column is missing, a line is malformed, or a note is named twice
 */
export async function readSplitFile(path: string): Promise<PublishedSplit> {
  const fail = (reason: string, line?: number): never => {
    throw new BadFileError({ file: path, ...(line === undefined ? {} : { record: `line ${line}` }), reason });
  };
  const lines = new TextDecoder().decode(await readWhole(path, { limit: 1 << 28 })).split(/\r?\n/);
  const header = cells((lines[0] ?? '').replace(/^\ufeff/, ''));
  const [idColumn, splitColumn] = [header.indexOf('id'), header.indexOf('split')];
  if (idColumn < 0 || splitColumn < 0)
    fail(`expected a first line with the columns id and split, found ${JSON.stringify(lines[0]?.slice(0, 60))}`);
  const ids = new StringColumn();
  const lookup = new IdLookup(ids);
  const parts: string[] = [];
  const assigned: number[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    const row = cells(line);
    const [id, part] = [row[idColumn], row[splitColumn]];
    if (!id || !part || row.length !== header.length)
      fail(`expected ${header.length} values, found ${JSON.stringify(line.slice(0, 60))}`, index + 1);
    ids.push(id!);
    if (!lookup.add(ids.length - 1)) fail(`expected every note once, found ${id} again`, index + 1);
    if (!parts.includes(part!)) {
      if (parts.length === 100) fail('expected at most 100 parts, found more: is `split` the column of the parts?', index + 1);
      parts.push(part!);
    }
    assigned.push(parts.indexOf(part!));
  }
  if (parts.length === 0) fail('expected at least one note, found none');
  return { by: 'file', parts, partOf: (id) => assigned[lookup.find(id)] ?? -1 };
}
