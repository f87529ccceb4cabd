/** Takes a stream of chunks apart again where its reader wants, and knows how far it has come. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array();
  #at = 0;
  /** Bytes taken so far. */
  position = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next `length` bytes; fewer only at the end. They may share memory with other results. */
  async read(length: number): Promise<Uint8Array> {
    if (this.#chunk.length - this.#at >= length) return this.#take(length);
    const parts: Uint8Array[] = [];
    let missing = length;
    while (missing > 0 && (await this.#more())) {
      const part = this.#take(Math.min(missing, this.#chunk.length - this.#at));
      parts.push(part);
      missing -= part.length;
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  /** The next `length` bytes, which stay to be read. */
  async peek(length: number): Promise<Uint8Array> {
    const bytes = await this.read(length);
    this.#chunk = Buffer.concat([bytes, this.#chunk.subarray(this.#at)]);
    this.#at = 0;
    this.position -= bytes.length;
    return bytes;
  }

  /** Passes over bytes; returns how many there were. */
  async skip(length: number): Promise<number> {
    let missing = length;
    while (missing > 0 && (await this.#more())) missing -= this.#take(Math.min(missing, this.#chunk.length - this.#at)).length;
    return length - missing;
  }

  /** At most `limit` bytes in the pieces they come in. */
  async *pieces(limit: number): AsyncGenerator<Uint8Array> {
    let missing = limit;
    while (missing > 0 && (await this.#more())) {
      const piece = this.#take(Math.min(missing, this.#chunk.length - this.#at));
      missing -= piece.length;
      yield piece;
    }
  }

  /** Lets go of the stream. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  #take(length: number): Uint8Array {
    const bytes = this.#chunk.subarray(this.#at, this.#at + length);
    this.#at += length;
    this.position += length;
    return bytes;
  }

  async #more(): Promise<boolean> {
    while (this.#at === this.#chunk.length) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return false;
      this.#chunk = value;
      this.#at = 0;
    }
    return true;
  }
}
