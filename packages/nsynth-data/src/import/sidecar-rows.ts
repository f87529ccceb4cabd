import { messageOf } from '@gansynth/common/errors';
import { BadFileError } from '../errors.js';

/** Rows of a table by the file they name; `contradictory` where several rows name it and differ. */
export type Rows = ReadonlyMap<string, Readonly<Record<string, unknown>> | 'contradictory'>;

/** Splits a line; a cell in quotes may hold the separator, and quotes twice over. */
function cellsOf(line: string, separator: string): string[] {
  const found: string[] = [];
  const s = separator === '\t' ? '\\t' : separator;
  for (const match of line.matchAll(new RegExp(`(?:^|${s})[ ]*(?:"((?:[^"]|"")*)"[ ]*|([^${s}]*))`, 'g')))
    found.push(match[1]?.replaceAll('""', '"') ?? (match[2] ?? '').trim());
  return found;
}

/**
 * A table with a first line of column names, among them `file`, separated by commas, semicolons or tabs.
 *
 * @throws BadFileError
 */
export function rowsOfCsv(text: string, path: string): Rows {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  const first = lines[0] ?? '';
  const headerBy = (separator: string): string[] => cellsOf(first, separator).map((name) => name.toLowerCase());
  const separator = [',', ';', '\t'].find((one) => headerBy(one).includes('file'));
  if (separator === undefined)
    throw new BadFileError({
      file: path,
      record: 'line 1',
      reason: `expected a column file, found ${headerBy(',').join(', ').slice(0, 100)}`,
    });
  const header = headerBy(separator);
  const fileColumn = header.indexOf('file');
  const rows = new Map<string, Record<string, unknown> | 'contradictory'>();
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    const values = cellsOf(line, separator);
    if (values.length !== header.length)
      throw new BadFileError({
        file: path,
        record: `line ${index + 1}`,
        reason: `expected ${header.length} values, found ${values.length}`,
      });
    const row = Object.fromEntries(header.map((name, column) => [name, values[column]]).filter(([, value]) => value !== ''));
    const key = values[fileColumn] ?? '';
    const before = rows.get(key);
    rows.set(key, before === undefined || JSON.stringify(before) === JSON.stringify(row) ? row : 'contradictory');
  }
  return rows;
}

const isObject = (item: unknown): item is Record<string, unknown> =>
  typeof item === 'object' && item !== null && !Array.isArray(item);

/** @throws BadFileError */
export function rowsOfJson(text: string, path: string): Rows {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    const found = messageOf(cause);
    throw new BadFileError({ file: path, reason: `expected JSON, found ${found}` }, { cause });
  }
  const rows = new Map<string, Record<string, unknown>>();
  for (const [name, row] of isObject(value) ? Object.entries(value) : [['', value] as const]) {
    if (!isObject(row))
      throw new BadFileError({ file: path, reason: 'expected an object of labels by file name, found something else' });
    rows.set(name, row);
  }
  return rows;
}
