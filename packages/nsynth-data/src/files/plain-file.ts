import { BadFileError, BadNoteError } from '../errors.js';
import { RegularFile } from './regular-file.js';

/** The whole of a small file. */
export async function readWhole(path: string, { limit, record }: { limit: number; record?: string }): Promise<Uint8Array> {
  const file = await RegularFile.open(path, record);
  const { size } = file;
  try {
    if (size > limit) {
      const reason = `expected at most ${limit} bytes for one note, found ${size}`;
      throw record === undefined ? new BadFileError({ file: path, reason }) : new BadNoteError({ file: path, record, reason });
    }
    const bytes = Buffer.allocUnsafeSlow(size);
    return bytes.subarray(0, await file.readInto(bytes, 0));
  } finally {
    await file.close();
  }
}

/** Bytes of a file from front to back, in pieces. */
export async function* fileChunks(
  path: string,
  { signal, size = 1 << 20, start = 0 }: { signal?: AbortSignal | undefined; size?: number; start?: number } = {},
): AsyncGenerator<Uint8Array> {
  const file = await RegularFile.open(path);
  try {
    for (let position = start; ;) {
      signal?.throwIfAborted();
      // One byte more than there should be: a file that grows is read to its end.
      const bytes = Buffer.allocUnsafeSlow(Math.min(size, Math.max(0, file.size - position) + 1));
      const count = await file.readInto(bytes, position);
      if (count > 0) yield bytes.subarray(0, count);
      if (count < bytes.length) return;
      position += count;
    }
  } finally {
    await file.close();
  }
}

const pieceBytes = 4 << 20;
/** A gap between two notes, such as the framing of records, over which reading goes on in one piece. */
const smallGap = 1 << 16;

interface Piece {
  readonly start: number;
  /** As much of `memory` as the file filled. */
  readonly bytes: Promise<Uint8Array>;
  /** Used again for a later piece: fresh memory for every piece would cost as much as reading it. */
  readonly memory: Uint8Array;
}

/**
 * Reads anywhere in a file. Requests that follow one another are served from large pieces, the next of which is being read
 * meanwhile; others read what they ask for and no more.
 */
export class PlainFile {
  readonly #path: string;
  #file: Promise<RegularFile> | undefined;
  #piece: (Omit<Piece, 'bytes'> & { readonly bytes: Uint8Array }) | undefined;
  #next: Piece | undefined;
  #spare: Uint8Array | undefined;
  #scratch: Uint8Array = new Uint8Array();
  #expected = -1;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  async #readInto(memory: Uint8Array, start: number): Promise<Uint8Array> {
    this.#file ??= RegularFile.open(this.#path);
    const file = await this.#file;
    return memory.subarray(0, await file.readInto(memory, start));
  }

  #scratchOf(length: number): Uint8Array {
    if (this.#scratch.length < length) this.#scratch = Buffer.allocUnsafeSlow(length);
    return this.#scratch.subarray(0, length);
  }

  #begin(start: number): Piece {
    const memory = this.#spare ?? Buffer.allocUnsafeSlow(pieceBytes);
    this.#spare = undefined;
    const bytes = this.#readInto(memory, start);
    // A failure is met when the piece is asked for.
    bytes.catch(() => undefined);
    return { start, bytes, memory };
  }

  async #piecewise(offset: number, length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (let at = offset; at < offset + length;) {
      const piece = this.#piece;
      if (piece !== undefined && at >= piece.start && at < piece.start + piece.bytes.length) {
        const part = piece.bytes.subarray(at - piece.start, Math.min(offset + length - piece.start, piece.bytes.length));
        at += part.length;
        // The memory of a piece that is left is written over: what is needed of it is copied.
        parts.push(at < offset + length ? Uint8Array.from(part) : part);
        continue;
      }
      const isNext = this.#next !== undefined && at >= this.#next.start && at < this.#next.start + pieceBytes;
      const coming = isNext && this.#next !== undefined ? this.#next : this.#begin(at);
      const bytes = await coming.bytes;
      this.#spare = piece?.memory;
      this.#piece = { start: coming.start, bytes, memory: coming.memory };
      const after = coming.start + bytes.length;
      this.#next = bytes.length < pieceBytes ? undefined : this.#begin(after);
      if (at >= after) break;
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  /**
   * Hands `length` bytes to `use`, fewer only at the end of the file. They are there for the time of the call: what is to last must
   * be copied.
   */
  read<T>(offset: number, length: number, use: (bytes: Uint8Array) => T): Promise<T> {
    const result = this.#turn.then(async () => {
      const follows = offset >= this.#expected && offset - this.#expected <= smallGap && this.#expected >= 0;
      this.#expected = offset + length;
      return use(follows ? await this.#piecewise(offset, length) : await this.#readInto(this.#scratchOf(length), offset));
    });
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#next?.bytes.catch(() => undefined);
    const file = await this.#file?.catch(() => undefined);
    this.#file = undefined;
    this.#piece = undefined;
    this.#next = undefined;
    this.#expected = -1;
    await file?.close();
  }
}
