import type { OptionNames } from '@gansynth/common/check-options';
import ndarray, { type NdArray } from 'ndarray';
import { cropOrPad } from './crop-or-pad.js';
import type { Decoded, Decoder } from '../decode/decoder.js';
import { ArgumentError } from '../errors.js';
import type { NoteLabels } from '../notes/note.js';
import { permutation } from '../random.js';

/** Where a loader is: plain JSON. A loader made from it goes on with the very notes the other one would have yielded. */
export interface BatchCursor {
  readonly version: 1;
  /** Checksum of the notes the loader draws from. */
  readonly dataset: string;
  readonly seed: number;
  readonly order: 'shuffled' | 'stored';
  readonly epoch: number;
  /** Notes of this epoch already yielded (or skipped as bad). */
  readonly position: number;
}

export interface Batch {
  /** [batch, samples], full scale at -1 and 1. */
  readonly audio: NdArray<Float32Array>;
  /** MIDI. */
  readonly pitches: Int32Array;
  /** Positions of the pitches in `pitches` of the options; -1 for one that is not there. */
  readonly labels: Int32Array;
  readonly notes: readonly NoteLabels[];
  /** Where to go on after this batch. */
  readonly cursor: BatchCursor;
}

export interface BatchOptions {
  /** Notes in every batch. Only the last of a finite number of epochs may have fewer. */
  readonly batchSize: number;
  /** Length of the audio; notes are cropped or padded to it as the original does. Default 64000. */
  readonly samples?: number;
  /** Any safe integer. Default 0. */
  readonly seed?: number;
  /** `shuffled`: the whole set, anew in each epoch. `stored`: as on disk. Default `shuffled`. */
  readonly order?: 'shuffled' | 'stored';
  /** Default: no end. Batches go on across the border of two epochs. */
  readonly epochs?: number;
  /** Continue there; its seed and order replace those given. */
  readonly cursor?: BatchCursor;
  /** MIDI pitches in the order of the labels. Default: the pitches that occur, ascending. */
  readonly pitches?: readonly number[];
  /** Batches decoded ahead of the one in use. Default 2. */
  readonly prefetch?: number;
  /** A pool of worker threads to decode in, from `createDecodePool`. Default: decode in this thread. */
  readonly pool?: Decoder;
  readonly signal?: AbortSignal;
}

/** Their names, each once. */
export const batchOptionNames: OptionNames<BatchOptions> = {
  batchSize: true,
  samples: true,
  seed: true,
  order: true,
  epochs: true,
  cursor: true,
  pitches: true,
  prefetch: true,
  pool: true,
  signal: true,
};

/** What a loader needs of a dataset. */
export interface BatchSource {
  readonly length: number;
  readonly fingerprint: string;
  labels(position: number): NoteLabels;
  /** Samples or errors, in the order of `positions`. */
  decode(positions: readonly number[], pool: Decoder | undefined): Promise<Decoded[]>;
  /** Told of every note that could not be read; throws unless bad notes are skipped. */
  reject(error: Error): void;
}

function count(name: string, value: number, lowest: number): number {
  if (!(value === Infinity && name === 'epochs') && !(Number.isSafeInteger(value) && value >= lowest))
    throw new ArgumentError(`batches: expected ${name} to be a whole number from ${lowest} on, found ${value}`, value);
  return value;
}

interface Group {
  readonly epoch: number;
  readonly first: number;
  readonly positions: readonly number[];
  readonly decoded: Promise<Decoded[]>;
}

interface Ready {
  readonly epoch: number;
  readonly next: number;
  readonly position: number;
  readonly audio: Float32Array;
}

/**
 * Batches of a dataset, in an order that depends on seed and dataset alone: not on timing, prefetch or workers. Iterate over it
 * with `for await`, or call `next()`.
 */
export class BatchLoader implements AsyncIterableIterator<Batch> {
  readonly #source: BatchSource;
  readonly #options: Required<Omit<BatchOptions, 'cursor' | 'pool' | 'signal'>> & Pick<BatchOptions, 'pool' | 'signal'>;
  readonly #labelOf: ReadonlyMap<number, number>;
  readonly #groups: Group[] = [];
  readonly #ready: Ready[] = [];
  #cursor: BatchCursor;
  #planned: { epoch: number; position: number };
  #order: { epoch: number; positions: Uint32Array } | undefined;
  #usedInEpoch = true;
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(source: BatchSource, options: BatchOptions & { readonly pitches: readonly number[] }) {
    this.#source = source;
    const { cursor } = options;
    const order = cursor?.order ?? options.order ?? 'shuffled';
    if (order !== 'shuffled' && order !== 'stored')
      throw new ArgumentError(`batches: expected order 'shuffled' or 'stored', found ${JSON.stringify(order)}`, order);
    const seed = cursor?.seed ?? options.seed ?? 0;
    if (!Number.isSafeInteger(seed)) throw new ArgumentError(`batches: expected seed to be a whole number, found ${seed}`, seed);
    this.#options = {
      batchSize: count('batchSize', options.batchSize, 1),
      samples: count('samples', options.samples ?? 64000, 1),
      epochs: count('epochs', options.epochs ?? Infinity, 0),
      prefetch: count('prefetch', options.prefetch ?? 2, 0),
      pitches: options.pitches,
      seed,
      order,
      ...(options.pool === undefined ? {} : { pool: options.pool }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    };
    if (source.length === 0)
      throw new ArgumentError('batches: expected a dataset with notes, found none. Is the filter too narrow?', 0);
    this.#labelOf = new Map(options.pitches.map((pitch, label) => [pitch, label]));
    if (cursor !== undefined) this.#check(cursor);
    this.#cursor = cursor ?? { version: 1, dataset: source.fingerprint, seed, order, epoch: 0, position: 0 };
    this.#planned = { epoch: this.#cursor.epoch, position: this.#cursor.position };
  }

  #check(cursor: BatchCursor): void {
    if (cursor.version !== 1 || typeof cursor.dataset !== 'string')
      throw new ArgumentError(`batches: expected a cursor of version 1, found ${JSON.stringify(cursor)?.slice(0, 80)}`, cursor);
    if (cursor.dataset !== this.#source.fingerprint)
      throw new ArgumentError(
        `batches: expected a cursor of these notes (${this.#source.fingerprint}), found one of others (${cursor.dataset}). Open the same data with the same filter and split`,
        cursor,
      );
    count('cursor.epoch', cursor.epoch, 0);
    if (count('cursor.position', cursor.position, 0) > this.#source.length)
      throw new ArgumentError(`batches: expected cursor.position up to ${this.#source.length}, found ${cursor.position}`, cursor);
  }

  /** Where the loader stands after the last batch it yielded. */
  get cursor(): BatchCursor {
    return this.#cursor;
  }

  #positions(epoch: number): Uint32Array {
    if (this.#order?.epoch !== epoch) {
      const { length } = this.#source;
      const { seed, order } = this.#options;
      const positions =
        order === 'shuffled' ? permutation(length, seed, epoch) : Uint32Array.from({ length }, (_, index) => index);
      this.#order = { epoch, positions };
    }
    return this.#order.positions;
  }

  /** Starts the decoding of the next notes; false at the end of the last epoch. */
  #plan(): boolean {
    if (this.#planned.position >= this.#source.length) this.#planned = { epoch: this.#planned.epoch + 1, position: 0 };
    const { epoch, position: first } = this.#planned;
    if (epoch >= this.#options.epochs) return false;
    const positions = [...this.#positions(epoch).subarray(first, first + this.#options.batchSize)];
    const decoded = this.#source.decode(positions, this.#options.pool);
    // A failure is met when the group is taken; until then nobody listens to it.
    decoded.catch(() => undefined);
    this.#groups.push({ epoch, first, positions, decoded });
    this.#planned = { epoch, position: first + positions.length };
    return true;
  }

  /** Takes one group's results; false at the end of the last epoch. */
  async #take(): Promise<boolean> {
    while (this.#groups.length <= this.#options.prefetch && this.#plan());
    const group = this.#groups.shift();
    if (group === undefined) return false;
    const { signal } = this.#options;
    const results = await untilAborted(group.decoded, signal);
    if (group.first === 0) this.#usedInEpoch = false;
    for (const [index, audio] of results.entries()) {
      if (audio instanceof Error) {
        this.#source.reject(audio);
        continue;
      }
      this.#usedInEpoch = true;
      this.#ready.push({ epoch: group.epoch, next: group.first + index + 1, position: group.positions[index]!, audio });
    }
    if (!this.#usedInEpoch && group.first + group.positions.length >= this.#source.length)
      throw new ArgumentError('batches: expected at least one readable note, found none in a whole epoch', this.#source.length);
    return true;
  }

  async #assemble(): Promise<IteratorResult<Batch, undefined>> {
    const { batchSize, samples, signal } = this.#options;
    signal?.throwIfAborted();
    while (!this.#closed && this.#ready.length < batchSize && (await this.#take()));
    const taken = this.#ready.splice(0, batchSize);
    const last = taken.at(-1);
    if (this.#closed || last === undefined) return { done: true, value: undefined };
    const audio = new Float32Array(taken.length * samples);
    for (const [index, note] of taken.entries()) audio.set(cropOrPad(note.audio, samples), index * samples);
    const notes = taken.map(({ position }) => this.#source.labels(position));
    this.#cursor = { ...this.#cursor, epoch: last.epoch, position: last.next };
    const value: Batch = {
      audio: ndarray(audio, [taken.length, samples]),
      pitches: Int32Array.from(notes, ({ pitch }) => pitch),
      labels: Int32Array.from(notes, ({ pitch }) => this.#labelOf.get(pitch) ?? -1),
      notes,
      cursor: this.#cursor,
    };
    return { done: false, value };
  }

  /** The next batch. Calls made before the last one is done wait for their turn. */
  next(): Promise<IteratorResult<Batch, undefined>> {
    const result = this.#turn.then(() => this.#assemble());
    // After an error every further call fails alike: going on would leave out notes unseen. `cursor` is that of the last good batch.
    this.#turn = result;
    return result;
  }

  /** Ends the iteration; what is being decoded ahead is dropped. */
  async return(): Promise<IteratorResult<Batch, undefined>> {
    this.#closed = true;
    await Promise.allSettled(this.#groups.splice(0).map(({ decoded }) => decoded));
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** The promise's value, unless the signal comes first. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
