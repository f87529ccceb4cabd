import { BadFileError, BadNoteError } from './errors.js';
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
    const bytes = new Uint8Array(size);
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

const chunkBytes = 4 << 20;
/** A gap between two notes, such as the framing of records, over which reading goes on in one piece. */
const smallGap = 1 << 16;

/**
 * Reads anywhere in a file. Requests that follow one another are served from large pieces, the next of which is being read
 * meanwhile; others read what they ask for and no more.
 */
export class PlainFile {
  readonly #path: string;
  #file: Promise<RegularFile> | undefined;
  #piece: { readonly start: number; readonly bytes: Uint8Array } | undefined;
  #next: { readonly start: number; readonly bytes: Promise<Uint8Array> } | undefined;
  #expected = -1;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  async #readAt(start: number, length: number): Promise<Uint8Array> {
    this.#file ??= RegularFile.open(this.#path);
    const file = await this.#file;
    const bytes = Buffer.allocUnsafeSlow(Math.max(0, Math.min(length, file.size - start)));
    return bytes.subarray(0, await file.readInto(bytes, start));
  }

  async #piecewise(offset: number, length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (let at = offset; at < offset + length;) {
      const piece = this.#piece;
      if (piece !== undefined && at >= piece.start && at < piece.start + piece.bytes.length) {
        const part = piece.bytes.subarray(at - piece.start, Math.min(offset + length - piece.start, piece.bytes.length));
        parts.push(part);
        at += part.length;
        continue;
      }
      const next =
        this.#next !== undefined && at >= this.#next.start && at < this.#next.start + chunkBytes ? this.#next : undefined;
      const start = next === undefined ? at : next.start;
      const bytes = await (next === undefined ? this.#readAt(start, chunkBytes) : next.bytes);
      this.#piece = { start, bytes };
      const after = start + bytes.length;
      this.#next = {
        start: after,
        bytes: bytes.length < chunkBytes ? Promise.resolve(new Uint8Array()) : this.#readAt(after, chunkBytes),
      };
      // A failure is met when the piece is asked for.
      this.#next.bytes.catch(() => undefined);
      if (at >= after) break;
    }
    return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
  }

  /** Bytes of the file; fewer only at its end. They may share memory with other results. */
  read(offset: number, length: number): Promise<Uint8Array> {
    const result = this.#turn.then(() => {
      const follows = offset >= this.#expected && offset - this.#expected <= smallGap && this.#expected >= 0;
      this.#expected = offset + length;
      if (follows) return this.#piecewise(offset, length);
      this.#piece = undefined;
      this.#next = undefined;
      return this.#readAt(offset, length);
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
