import { checkOptions } from '../check-options.js';
import ndarray from 'ndarray';
import { type BatchOptions, BatchLoader, type BatchSource, batchOptionNames } from './batches.js';
import { crc32c } from '../crc32c.js';
import type { NoteRequest } from '../decode/decode-note.js';
import { type Decoded, type Decoder, localDecoder } from '../decode/decoder.js';
import { ArgumentError } from '../errors.js';
import { filterRows, type NoteFilter } from './filter.js';
import { IdLookup } from '../table/id-lookup.js';
import type { Note, NoteLabels } from '../notes/note.js';
import type { NoteTable } from '../table/note-table.js';
import { type PitchDistribution, pitchDistribution } from './pitch-distribution.js';
import type { RejectionReport, Rejections } from '../scan/rejections.js';
import { type PublishedSplit, type RandomSplit, splitRows } from './split.js';
import { type StoredFile, StoredFiles } from '../files/stored-files.js';

/** What all views of one opened collection share. */
interface Opened {
  readonly path: string;
  /** Hz. */
  readonly sampleRate: number;
  readonly table: NoteTable;
  readonly files: readonly StoredFile[];
  readonly stored: StoredFiles;
  readonly decoder: Decoder;
  readonly rejections: Rejections;
  lookup?: IdLookup;
}

/** Opens files behind a scanned or stored index. */
export function datasetOf(opened: Omit<Opened, 'stored' | 'decoder'>): Dataset {
  const stored = new StoredFiles(opened.files);
  return new Dataset({ ...opened, stored, decoder: localDecoder(stored) });
}

/** Notes that are read ahead in `notes()`. */
const readAhead = 8;

/**
 * Notes of a collection, or some of them. Labels are in memory, audio is read when asked for. `filter` and `split` give further
 * datasets over the same files and read nothing.
 */
export class Dataset {
  readonly #opened: Opened;
  readonly #rows: Uint32Array;
  #fingerprint: string | undefined;

  /** Use `openDataset`. */
  constructor(opened: Opened, rows: Uint32Array = Uint32Array.from({ length: opened.table.length }, (_, row) => row)) {
    this.#opened = opened;
    this.#rows = rows;
  }

  /** Number of notes. */
  get length(): number {
    return this.#rows.length;
  }

  /** Hz, of every note. */
  get sampleRate(): number {
    return this.#opened.sampleRate;
  }

  /** What was refused while the collection was read, and since. */
  get rejected(): RejectionReport {
    return this.#opened.rejections;
  }

  /** Checksum of ids and audio of all notes in their order, as 8 hexadecimal digits. */
  get fingerprint(): string {
    if (this.#fingerprint === undefined) {
      const { ids, columns } = this.#opened.table;
      const sums = Uint32Array.from(this.#rows, (row) => crc32c(ids.bytes(row)) ^ Math.imul(columns.hash[row]!, 0x9e3779b1));
      this.#fingerprint = crc32c(new Uint8Array(sums.buffer)).toString(16).padStart(8, '0');
    }
    return this.#fingerprint;
  }

  #row(at: number | string): number {
    if (typeof at === 'number') {
      const row = this.#rows[at];
      if (row === undefined) throw new ArgumentError(`expected a note from 0 to ${this.length - 1}, found ${at}`, at);
      return row;
    }
    this.#opened.lookup ??= new IdLookup(this.#opened.table.ids);
    const row = this.#opened.lookup.find(at);
    // Views keep the order of the table, so that a row can be searched for by halves.
    let [low, high] = [0, this.#rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#rows[middle]! < row) low = middle + 1;
      else high = middle;
    }
    if (row < 0 || this.#rows[low] !== row) {
      const example = this.length > 0 ? `, for instance ${JSON.stringify(this.#opened.table.ids.get(this.#rows[0]!))}` : '';
      throw new ArgumentError(
        `expected one of the ${this.length} notes of this dataset${example}, found ${JSON.stringify(at)}`,
        at,
      );
    }
    return row;
  }

  /** Labels of one note, by position or id. */
  labels(at: number | string): NoteLabels {
    return this.#opened.table.labels(this.#row(at));
  }

  /** Labels of all notes, in their order. */
  *listing(): Generator<NoteLabels> {
    for (const row of this.#rows) yield this.#opened.table.labels(row);
  }

  #request(row: number): NoteRequest {
    const { table, sampleRate } = this.#opened;
    return { id: table.ids.get(row), sampleRate, place: table.place(row) };
  }

  /**
   * One note, by position or id; nothing else is read.
   *
   * @throws BadNoteError if its bytes are not those that were indexed
   */
  async note(at: number | string): Promise<Note> {
    const row = this.#row(at);
    const audio = await this.#opened.stored.audio(this.#request(row));
    return { ...this.#opened.table.labels(row), audio: ndarray(audio) };
  }

  /** All notes in their order, a few at a time in memory. */
  async *notes({ signal }: { readonly signal?: AbortSignal } = {}): AsyncGenerator<Note> {
    const { stored, table, rejections } = this.#opened;
    const underWay: { row: number; audio: Promise<Decoded> }[] = [];
    for (let next = 0; next < this.length || underWay.length > 0;) {
      signal?.throwIfAborted();
      while (next < this.length && underWay.length < readAhead) {
        const row = this.#rows[next++]!;
        underWay.push({ row, audio: stored.audio(this.#request(row)).catch((error: Error) => error) });
      }
      const { row, audio } = underWay.shift()!;
      const found = await audio;
      if (found instanceof Error) rejections.add(found);
      else yield { ...table.labels(row), audio: ndarray(found) };
    }
  }

  /** The notes that meet every condition; audio is not touched. */
  filter(filter: NoteFilter): Dataset {
    return new Dataset(this.#opened, filterRows(this.#opened.table, this.#rows, filter));
  }

  /** The notes from one position to before another, as `slice` of an array. */
  slice(from?: number, to?: number): Dataset {
    return new Dataset(this.#opened, this.#rows.slice(from, to));
  }

  /**
   * Cuts the notes into parts: `dataset.filter(paperSubset).split(paperSplit)`.
   *
   * @returns one dataset per part, under the part's name
   */
  split<Part extends string>(split: RandomSplit<Part>): Record<Part, Dataset>;
  split(split: PublishedSplit): Record<string, Dataset>;
  split(split: RandomSplit<string> | PublishedSplit): Record<string, Dataset> {
    const parts = splitRows(this.#opened.table, this.#rows, split);
    return Object.fromEntries(Object.entries(parts).map(([name, rows]) => [name, new Dataset(this.#opened, rows)]));
  }

  /** How often each pitch occurs: the label distribution for a GAN's fake labels. */
  pitchDistribution(): PitchDistribution {
    const { pitch } = this.#opened.table.columns;
    return pitchDistribution(Uint8Array.from(this.#rows, (row) => pitch[row]!));
  }

  /** Batches to train on, see `BatchOptions`. */
  batches(options: BatchOptions): BatchLoader {
    checkOptions('dataset.batches', options, batchOptionNames);

    const { files, decoder, rejections } = this.#opened;
    const source: BatchSource = {
      length: this.length,
      fingerprint: this.fingerprint,
      labels: (position) => this.labels(position),
      decode: (positions, pool) =>
        (pool ?? decoder).decode(
          files,
          positions.map((position) => this.#request(this.#rows[position]!)),
        ),
      reject: (error) => rejections.add(error),
    };
    return new BatchLoader(source, { ...options, pitches: options.pitches ?? this.pitchDistribution().pitches });
  }

  /** Closes the files. Views share them: close once, when done with all of them. */
  close(): Promise<void> {
    return this.#opened.stored.close();
  }
}
