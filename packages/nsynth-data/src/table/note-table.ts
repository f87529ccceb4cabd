import { type LabelRecord, familyName, qualityNames, sourceName, toMetadata } from '../notes/labels.js';
import type { NoteLabels } from '../notes/note.js';
import { StringColumn } from './string-column.js';

/** What a stored record is: a WAV file whose labels lie elsewhere, or a tf.train.Example with labels and audio. */
export type Payload = 'wav' | 'example';
export const payloads: readonly Payload[] = ['wav', 'example'];

/** Where a note's bytes lie, and their checksum. */
export interface NotePlace {
  /** Position in the table's list of files. */
  readonly file: number;
  /** Bytes from the start of the file (of the unpacked stream, for `.gz`). */
  readonly offset: number;
  readonly length: number;
  /** CRC-32C of these bytes. */
  readonly hash: number;
  readonly payload: Payload;
  /** Length of the audio in samples. */
  readonly samples: number;
}

/** One typed array per field. */
export interface Columns {
  readonly note: Uint32Array;
  readonly pitch: Uint8Array;
  readonly velocity: Uint8Array;
  readonly instrument: Uint32Array;
  readonly instrumentName: Uint32Array;
  readonly family: Int8Array;
  readonly source: Int8Array;
  readonly qualities: Uint16Array;
  readonly sampleRate: Uint32Array;
  readonly file: Uint16Array;
  readonly offset: Float64Array;
  readonly length: Uint32Array;
  readonly hash: Uint32Array;
  readonly payload: Uint8Array;
  readonly samples: Uint32Array;
}

interface ColumnType<Column> {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): Column;
  new (buffer: ArrayBuffer, offset?: number, length?: number): Column;
}

const columnTypes: { readonly [Name in keyof Columns]: ColumnType<Columns[Name]> } = {
  note: Uint32Array,
  pitch: Uint8Array,
  velocity: Uint8Array,
  instrument: Uint32Array,
  instrumentName: Uint32Array,
  family: Int8Array,
  source: Int8Array,
  qualities: Uint16Array,
  sampleRate: Uint32Array,
  file: Uint16Array,
  offset: Float64Array,
  length: Uint32Array,
  hash: Uint32Array,
  payload: Uint8Array,
  samples: Uint32Array,
};

export type ColumnName = keyof Columns;
export const columnNames: readonly ColumnName[] = Object.keys(columnTypes) as ColumnName[];

/** Columns of `length` rows, over `buffer` from `offset` on if given. */
export function makeColumn(name: ColumnName, length: number, buffer?: ArrayBuffer, offset?: number): Columns[ColumnName] {
  const Type = columnTypes[name];
  return buffer === undefined ? new Type(length) : new Type(buffer, offset, length);
}

export const bytesPerElement = (name: ColumnName): number => columnTypes[name].BYTES_PER_ELEMENT;

const makeColumns = (length: number): Columns =>
  Object.fromEntries(columnNames.map((name) => [name, makeColumn(name, length)])) as unknown as Columns;

/** Labels and places of all notes, one typed array per field: about 80 bytes a note, whatever is done with them. */
export class NoteTable {
  readonly columns: Columns;
  readonly ids: StringColumn;
  /** Every `instrument_str`, once. */
  readonly instruments: readonly string[];
  readonly length: number;

  constructor(columns: Columns, ids: StringColumn, instruments: readonly string[]) {
    this.columns = columns;
    this.ids = ids;
    this.instruments = instruments;
    this.length = ids.length;
  }

  record(row: number): LabelRecord {
    const value = (name: ColumnName): number => this.columns[name][row]!;
    return {
      id: this.ids.get(row),
      note: value('note'),
      pitch: value('pitch'),
      velocity: value('velocity'),
      instrument: value('instrument'),
      instrumentName: this.instruments[value('instrumentName')]!,
      family: value('family'),
      source: value('source'),
      qualities: value('qualities'),
      sampleRate: value('sampleRate'),
    };
  }

  labels(row: number): NoteLabels {
    const record = this.record(row);
    return {
      id: record.id,
      sampleRate: record.sampleRate,
      samples: this.columns.samples[row]!,
      pitch: record.pitch,
      velocity: record.velocity,
      instrument: record.instrumentName,
      family: familyName(record.family),
      source: sourceName(record.source),
      qualities: qualityNames(record.qualities),
      metadata: toMetadata(record),
    };
  }

  place(row: number): NotePlace {
    const value = (name: ColumnName): number => this.columns[name][row]!;
    return {
      file: value('file'),
      offset: value('offset'),
      length: value('length'),
      hash: value('hash'),
      payload: payloads[value('payload')]!,
      samples: value('samples'),
    };
  }
}

/** Collects a table row by row. */
export class NoteTableBuilder {
  #columns: Columns = makeColumns(64);
  #capacity = 64;
  readonly ids: StringColumn = new StringColumn();
  readonly #instruments = new Map<string, number>();

  get length(): number {
    return this.ids.length;
  }

  push(labels: LabelRecord, place: NotePlace): void {
    const row = this.ids.length;
    if (row === this.#capacity) {
      const grown = makeColumns(2 * this.#capacity);
      for (const name of columnNames) grown[name].set(this.#columns[name]);
      this.#columns = grown;
      this.#capacity *= 2;
    }
    this.ids.push(labels.id);
    let instrumentName = this.#instruments.get(labels.instrumentName);
    if (instrumentName === undefined) {
      instrumentName = this.#instruments.size;
      this.#instruments.set(labels.instrumentName, instrumentName);
    }
    const values: Record<ColumnName, number> = {
      ...labels,
      ...place,
      instrumentName,
      payload: payloads.indexOf(place.payload),
    };
    for (const name of columnNames) this.#columns[name][row] = values[name];
  }

  finish(): NoteTable {
    const columns = Object.fromEntries(
      columnNames.map((name) => [name, this.#columns[name].subarray(0, this.length)]),
    ) as unknown as Columns;
    return new NoteTable(columns, this.ids, [...this.#instruments.keys()]);
  }
}
