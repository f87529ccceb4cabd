import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BadFileError } from '../errors.js';
import { readWhole } from '../files/plain-file.js';
import { type Rows, rowsOfCsv, rowsOfJson } from './sidecar-rows.js';

/** Labels somebody wrote down for a sound; what is missing is found in other ways. */
export interface SidecarLabels {
  readonly pitch?: number;
  readonly velocity?: number;
  readonly instrument?: string;
  readonly family?: string;
  readonly source?: string;
  readonly qualities?: readonly string[];
}

const limit = 1 << 28;
const withoutExtension = (name: string): string => name.replace(/\.[^./\\]+$/, '');

const isNames = (items: unknown): items is string[] => Array.isArray(items) && items.every((item) => typeof item === 'string');

function labels(row: Record<string, unknown>, path: string, record: string): SidecarLabels {
  const fail = (field: string, wanted: string): BadFileError =>
    new BadFileError({
      file: path,
      record,
      reason: `expected ${field} to be ${wanted}, found ${JSON.stringify(row[field])?.slice(0, 60)}`,
    });
  const number = (field: string): object => {
    if (row[field] === undefined) return {};
    const value = Number(row[field]);
    if (!Number.isInteger(value) || value < 0 || value > 127 || row[field] === '')
      throw fail(field, 'a whole number from 0 to 127');
    return { [field]: value };
  };
  const text = (field: string): object => {
    if (row[field] === undefined) return {};
    if (typeof row[field] !== 'string') throw fail(field, 'text');
    return { [field]: row[field] };
  };
  const { qualities } = row;
  const list: unknown = typeof qualities === 'string' ? qualities.split(/[ ;|]+/).filter((item) => item !== '') : qualities;
  if (list !== undefined && !isNames(list)) throw fail('qualities', 'names');
  return {
    ...number('pitch'),
    ...number('velocity'),
    ...text('instrument'),
    ...text('family'),
    ...text('source'),
    ...(list === undefined ? {} : { qualities: list }),
  };
}

/** A name as people write it: slashes either way, `./` before it, blanks and capitals anyhow, accents in one or two characters. */
const loose = (name: string): string =>
  name
    .normalize('NFC')
    .replaceAll('\\', '/')
    .replace(/\s*\/+\s*/g, '/')
    .replace(/^(?:\.?\/)+/, '')
    .replace(/[\s\u00a0]+/g, ' ')
    .trim()
    .toLowerCase();

/** How a row may name a file, from the most to the least exact. */
const namings: readonly ((name: string) => string)[] = [
  (name) => name,
  withoutExtension,
  (name) => basename(name),
  (name) => withoutExtension(basename(name)),
  loose,
  (name) => withoutExtension(loose(name)),
  (name) => basename(loose(name)),
  (name) => withoutExtension(basename(loose(name))),
];
/** The namings from which on two files that are not the same may look alike. */
const looseFrom = 4;

/** A table of labels, matched with the files of a folder. */
export interface Sidecar {
  /** @throws BadFileError for labels out of range, and where rows contradict each other */
  labels(file: string): SidecarLabels | undefined;
  /** Whether a row names this file. */
  has(file: string): boolean;
  /** Rows that name no file, or not one alone. */
  readonly unmatched: readonly string[];
}

/**
 * Labels from a table for a whole folder: JSON by file name, or CSV with the column `file`; further `pitch`, `velocity`, `instrument`,
 * `family`, `source`, `qualities`. Files are named by their path in the folder or their name, with or without extension; capitals, slashes,
 * `./`, blanks and the composition of accents may differ where that leaves no doubt. A bare name holds for every file of that name.
 *
 * @param files sounds of the folder, their paths in it
 * @throws BadFileError
 */
export async function readSidecar(path: string, files: readonly string[]): Promise<Sidecar> {
  const text = new TextDecoder().decode(await readWhole(path, { limit }));
  const rows: Rows = path.toLowerCase().endsWith('.json') ? rowsOfJson(text, path) : rowsOfCsv(text, path);
  const matched = new Map<string, string>();
  const used = new Set<string>();
  for (const [level, naming] of namings.entries()) {
    const isLoose = level >= looseFrom;
    const rowsByName = new Map<string, string[]>();
    for (const key of rows.keys()) {
      // A row is one name; only the file's is shortened, unless both are taken loosely.
      const name = isLoose ? loose(key) : key;
      for (const written of isLoose ? [name, withoutExtension(name)] : [name]) {
        const others = rowsByName.get(written) ?? [];
        if (!others.includes(key)) rowsByName.set(written, [...others, key]);
      }
    }
    const found = new Map<string, string[]>();
    for (const file of files) {
      if (matched.has(file)) continue;
      const keys = (rowsByName.get(naming(file)) ?? []).filter((key) => !isLoose || !used.has(key));
      const [key] = keys;
      if (key !== undefined && keys.length === 1) found.set(key, [...(found.get(key) ?? []), file]);
    }
    for (const [key, those] of found) {
      // Taken loosely, a row that fits two files is in doubt.
      if (isLoose && those.length > 1) continue;
      for (const file of those) matched.set(file, key);
      used.add(key);
    }
  }
  return {
    has: (file) => matched.has(file),
    unmatched: [...rows.keys()].filter((key) => !used.has(key)),
    labels(file) {
      const key = matched.get(file);
      if (key === undefined) return undefined;
      const row = rows.get(key);
      if (row === 'contradictory')
        throw new BadFileError({
          file: path,
          record: key,
          reason: 'expected one row for a file, found several that differ. Leave one of them',
        });
      return row && labels(row, path, key);
    },
  };
}

/** Labels from `<sound>.json` beside a sound. */
export async function readOwnSidecar(sound: string): Promise<SidecarLabels | undefined> {
  const path = `${withoutExtension(sound)}.json`;
  if ((await stat(path).catch(() => undefined)) === undefined) return undefined;
  const name = basename(path);
  const text = new TextDecoder().decode(await readWhole(path, { limit: 1 << 20 }));
  const row = rowsOfJson(`{${JSON.stringify(name)}:${text}}`, path).get(name);
  return row === undefined || row === 'contradictory' ? undefined : labels(row, path, name);
}

/** The table a folder brings along, if it does. */
export async function findSidecar(folder: string): Promise<string | undefined> {
  for (const name of ['labels.json', 'labels.csv']) {
    if ((await stat(join(folder, name)).catch(() => undefined)) !== undefined) return join(folder, name);
  }
  return undefined;
}
