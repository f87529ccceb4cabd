import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BadFileError } from '../errors.js';
import { readWhole } from '../plain-file.js';

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

/** Splits a line of CSV; a cell in quotes may hold commas, and quotes twice over. */
function cells(line: string): string[] {
  const found: string[] = [];
  for (const match of line.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"|([^,]*))/g))
    found.push(match[1]?.replaceAll('""', '"') ?? (match[2] as string).trim());
  return found;
}

function fromCsv(text: string, path: string): Map<string, Record<string, unknown>> {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const header = cells(lines[0] ?? '').map((name) => name.toLowerCase());
  const fileColumn = header.indexOf('file');
  if (fileColumn < 0)
    throw new BadFileError({ file: path, record: 'line 1', reason: `expected a column file, found ${header.join(', ')}` });
  const rows = new Map<string, Record<string, unknown>>();
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    const values = cells(line);
    if (values.length !== header.length)
      throw new BadFileError({
        file: path,
        record: `line ${index + 1}`,
        reason: `expected ${header.length} values, found ${values.length}`,
      });
    const row = Object.fromEntries(header.map((name, column) => [name, values[column]]).filter(([, value]) => value !== ''));
    rows.set(values[fileColumn] as string, row as Record<string, unknown>);
  }
  return rows;
}

const isObject = (item: unknown): item is Record<string, unknown> =>
  typeof item === 'object' && item !== null && !Array.isArray(item);

function fromJson(text: string, path: string): Map<string, Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BadFileError({ file: path, reason: `expected JSON, found ${(cause as Error).message}` }, { cause });
  }
  if (!isObject(value) || !Object.values(value).every(isObject))
    throw new BadFileError({ file: path, reason: 'expected an object of labels by file name, found something else' });
  return new Map(Object.entries(value as Record<string, Record<string, unknown>>));
}

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
  const list = typeof qualities === 'string' ? qualities.split(/[ ;|]+/).filter((item) => item !== '') : qualities;
  if (list !== undefined && !(Array.isArray(list) && list.every((item) => typeof item === 'string')))
    throw fail('qualities', 'names');
  return {
    ...number('pitch'),
    ...number('velocity'),
    ...text('instrument'),
    ...text('family'),
    ...text('source'),
    ...(list === undefined ? {} : { qualities: list as string[] }),
  };
}

/**
 * Labels from a table for a whole folder: JSON by file name, or CSV with the column `file`; further `pitch`, `velocity`, `instrument`,
 * `family`, `source`, `qualities`. Files are named by their path in the folder or their name, with or without extension.
 *
 * @throws BadFileError
 */
export async function readSidecar(path: string): Promise<(file: string) => SidecarLabels | undefined> {
  const text = new TextDecoder().decode(await readWhole(path, { limit }));
  const rows = path.toLowerCase().endsWith('.csv') ? fromCsv(text, path) : fromJson(text, path);
  return (file) => {
    const key = [file, withoutExtension(file), basename(file), withoutExtension(basename(file))].find((name) => rows.has(name));
    return key === undefined ? undefined : labels(rows.get(key) as Record<string, unknown>, path, key);
  };
}

/** Labels from `<sound>.json` beside a sound. */
export async function readOwnSidecar(sound: string): Promise<SidecarLabels | undefined> {
  const path = `${withoutExtension(sound)}.json`;
  if ((await stat(path).catch(() => undefined)) === undefined) return undefined;
  const name = basename(path);
  const text = new TextDecoder().decode(await readWhole(path, { limit: 1 << 20 }));
  return labels(fromJson(`{${JSON.stringify(name)}:${text}}`, path).get(name) as Record<string, unknown>, path, name);
}

/** The table a folder brings along, if it does. */
export async function findSidecar(folder: string): Promise<string | undefined> {
  for (const name of ['labels.json', 'labels.csv']) {
    if ((await stat(join(folder, name)).catch(() => undefined)) !== undefined) return join(folder, name);
  }
  return undefined;
}
