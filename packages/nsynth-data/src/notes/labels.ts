import type { NSynthMetadata } from './note.js';
import { type Family, families, type Quality, qualities, type Source, sources } from './vocabulary.js';

/** Thrown by checks that do not know yet which file they look at; the caller adds file and record. */
export class Mismatch extends Error {}

const show = (value: unknown): string => {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

function integer(entry: Record<string, unknown>, name: string, from: number, to: number): number {
  const value = entry[name];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < from || value > to)
    throw new Mismatch(`expected ${name} to be a whole number from ${from} to ${to}, found ${show(value)}`);
  return value;
}

/** A name that can be part of a path on every system: nothing that climbs out of a folder. */
export function checkName(name: unknown, what: string): string {
  if (typeof name !== 'string' || name.length === 0 || name.length > 200)
    throw new Mismatch(`expected ${what} to be a name of 1 to 200 characters, found ${show(name)}`);
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[/\\:*?"<>|\u0000-\u001f\u007f]|^\.|[. ]$|[\ud800-\udfff]/.test(name))
    throw new Mismatch(`expected ${what} to be a plain file name, found ${show(name)}`);
  return name;
}

/** Index and name of a vocabulary say the same; either alone is enough. */
function named<Name extends string>(
  entry: Record<string, unknown>,
  field: string,
  names: readonly Name[],
  unknown?: 'unknown',
): number {
  const lowest = unknown === undefined ? 0 : -1;
  const text = entry[`${field}_str`];
  if (text === undefined) return integer(entry, field, lowest, names.length - 1);
  const index = text === unknown && unknown !== undefined ? -1 : names.indexOf(text as Name);
  if (index < 0 && text !== unknown)
    throw new Mismatch(`expected ${field}_str to be one of ${names.join(', ')}, found ${show(text)}`);
  if (entry[field] !== undefined && integer(entry, field, lowest, names.length - 1) !== index)
    throw new Mismatch(`expected ${field} ${index} for ${field}_str ${show(text)}, found ${show(entry[field])}`);
  return index;
}

/** The ten qualities as bits. */
function qualityBits(entry: Record<string, unknown>): number {
  const flags = entry['qualities'];
  const texts = entry['qualities_str'];
  let bits = 0;
  if (flags !== undefined) {
    if (!Array.isArray(flags) || flags.length !== qualities.length || flags.some((flag) => flag !== 0 && flag !== 1))
      throw new Mismatch(`expected qualities to be ${qualities.length} times 0 or 1, found ${show(JSON.stringify(flags))}`);
    bits = flags.reduce<number>((sum, flag, position) => sum | ((flag as number) << position), 0);
  }
  if (texts !== undefined) {
    if (!Array.isArray(texts)) throw new Mismatch(`expected qualities_str to be a list of names, found ${show(texts)}`);
    const positions = texts.map((text) => qualities.indexOf(text as Quality));
    if (positions.includes(-1))
      throw new Mismatch(`expected qualities_str to be among ${qualities.join(', ')}, found ${show(JSON.stringify(texts))}`);
    const said = positions.reduce((sum, position) => sum | (1 << position), 0);
    if (flags === undefined) bits = said;
    else if (said !== bits)
      throw new Mismatch(`expected qualities_str to name the qualities that are 1, found ${show(JSON.stringify(texts))}`);
  }
  return bits;
}

/** Labels as numbers, the form the index keeps. */
export interface LabelRecord {
  readonly id: string;
  readonly note: number;
  readonly pitch: number;
  readonly velocity: number;
  readonly instrument: number;
  readonly instrumentName: string;
  readonly family: number;
  readonly source: number;
  readonly qualities: number;
  readonly sampleRate: number;
}

const largest = 2 ** 32 - 1;

/**
 * Checks one note's entry as `examples.json` and TFRecords have it, against itself as well: names against numbers, and the
 * pitch and velocity in a note name of NSynth's form against the fields.
 *
 * @throws Mismatch saying what was expected and what was found
 */
export function parseLabels(entry: unknown): LabelRecord {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    throw new Mismatch(`expected an object of note fields, found ${show(JSON.stringify(entry))}`);
  const fields = entry as Record<string, unknown>;
  const id = checkName(fields['note_str'], 'note_str');
  const pitch = integer(fields, 'pitch', 0, 127);
  const velocity = integer(fields, 'velocity', 0, 127);
  const instrumentName = checkName(fields['instrument_str'] ?? id.replace(/-\d{3}-\d{3}$/, ''), 'instrument_str');
  const named3 = /-(\d{3})-(\d{3})$/.exec(id);
  if (named3 && id === `${instrumentName}${named3[0]}` && (Number(named3[1]) !== pitch || Number(named3[2]) !== velocity))
    throw new Mismatch(`expected pitch ${named3[1]} and velocity ${named3[2]} as in the name, found ${pitch} and ${velocity}`);
  return {
    id,
    note: fields['note'] === undefined ? 0 : integer(fields, 'note', 0, largest),
    pitch,
    velocity,
    instrument: fields['instrument'] === undefined ? 0 : integer(fields, 'instrument', 0, largest),
    instrumentName,
    family: named(fields, 'instrument_family', families, 'unknown'),
    source: named(fields, 'instrument_source', sources),
    qualities: qualityBits(fields),
    sampleRate: integer(fields, 'sample_rate', 1, 768_000),
  };
}

export const familyName = (index: number): Family => families[index] ?? 'unknown';
export const sourceName = (index: number): Source => sources[index]!;
export const qualityNames = (bits: number): Quality[] => qualities.filter((_, position) => (bits >> position) & 1);

/** The 13 fields of NSynth, in the order a reader of the file would want them. */
export function toMetadata(record: LabelRecord): NSynthMetadata {
  return {
    note: record.note,
    note_str: record.id,
    instrument: record.instrument,
    instrument_str: record.instrumentName,
    pitch: record.pitch,
    velocity: record.velocity,
    sample_rate: record.sampleRate,
    qualities: qualities.map((_, position) => (record.qualities >> position) & 1),
    qualities_str: qualityNames(record.qualities),
    instrument_family: record.family,
    instrument_family_str: familyName(record.family),
    instrument_source: record.source,
    instrument_source_str: sourceName(record.source),
  };
}
