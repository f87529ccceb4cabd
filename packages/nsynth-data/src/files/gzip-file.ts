import { messageOf } from '@gansynth/common/errors';
import { pipeline, Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { ByteReader } from './byte-reader.js';
import { BadFileError } from '../errors.js';
import type { Checkpoint, Checkpoints } from './gzip-checkpoints.js';
import { fileChunks } from './plain-file.js';

/** Moves a stream of bits down by `bits`, so that it begins at a byte. */
async function* shifted(chunks: AsyncIterable<Uint8Array>, bits: number): AsyncGenerator<Uint8Array> {
  if (bits === 0) {
    yield* chunks;
    return;
  }
  let before: number | undefined;
  for await (const chunk of chunks) {
    const moved = new Uint8Array(chunk.length);
    let count = 0;
    for (const byte of chunk) {
      if (before !== undefined) moved[count++] = (before >> bits) | (byte << (8 - bits));
      before = byte;
    }
    yield moved.subarray(0, count);
  }
  if (before !== undefined) yield Uint8Array.of(before >> bits);
}

/** Unpacked data from a checkpoint to the end of its gzip member. */
async function* unpackMember(path: string, { packed, bits, window }: Checkpoint): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw({
    chunkSize: 1 << 18,
    ...(window === undefined ? {} : { dictionary: Uint8Array.from(window) }),
  });
  const source = Readable.from(shifted(fileChunks(path, { size: 1 << 17, start: packed }), bits));
  // The stream's own error reaches the loop below.
  pipeline(source, inflate, () => undefined);
  try {
    yield* inflate as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw new BadFileError(
      { file: path, offset: packed, reason: `expected sound gzip data, found ${messageOf(cause)}` },
      { cause },
    );
  }
}

async function* unpackFrom(path: string, checkpoints: Checkpoints, first: number): AsyncGenerator<Uint8Array> {
  for (let index = first; index >= 0;) {
    const checkpoint = checkpoints.get(index);
    let { unpacked } = checkpoint;
    for await (const chunk of unpackMember(path, checkpoint)) {
      yield chunk;
      unpacked += chunk.length;
    }
    const next = checkpoints.before(unpacked);
    index = next > index && checkpoints.get(next).unpacked === unpacked ? next : -1;
  }
}

/** Reads anywhere in a gzip file, from the nearest checkpoint on; reading forwards it goes on where it is. */
export class GzipFile {
  readonly #path: string;
  readonly #checkpoints: Checkpoints;
  #open: { readonly reader: ByteReader; readonly start: number } | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(path: string, checkpoints: Checkpoints) {
    this.#path = path;
    this.#checkpoints = checkpoints;
  }

  /** Hands `length` bytes of the unpacked data to `use`, fewer only at its end. */
  read<T>(offset: number, length: number, use: (bytes: Uint8Array) => T): Promise<T> {
    const result = this.#turn.then(async () => {
      const index = this.#checkpoints.before(offset);
      if (index < 0)
        throw new BadFileError({ file: this.#path, offset, reason: 'expected a checkpoint of the index, found none' });
      const { unpacked } = this.#checkpoints.get(index);
      const position = this.#open === undefined ? -1 : this.#open.start + this.#open.reader.position;
      if (this.#open === undefined || position > offset || position < unpacked) {
        await this.#open?.reader.close();
        this.#open = { reader: new ByteReader(unpackFrom(this.#path, this.#checkpoints, index)), start: unpacked };
      }
      const { reader, start } = this.#open;
      await reader.skip(offset - start - reader.position);
      return use(await reader.read(length));
    });
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#open?.reader.close();
    this.#open = undefined;
  }
}
