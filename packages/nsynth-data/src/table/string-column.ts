/** Strings end to end as UTF-8, with their beginnings: a tenth of the memory that as many JavaScript strings take. */
export class StringColumn {
  #bytes: Uint8Array;
  #ends: Uint32Array;
  #length: number;

  constructor(bytes: Uint8Array = new Uint8Array(1024), ends: Uint32Array = new Uint32Array(64), length = 0) {
    this.#bytes = bytes;
    this.#ends = ends;
    this.#length = length;
  }

  get length(): number {
    return this.#length;
  }

  #range(index: number): [from: number, to: number] {
    return [index === 0 ? 0 : this.#ends[index - 1]!, this.#ends[index]!];
  }

  push(value: string): void {
    const from = this.#length === 0 ? 0 : this.#ends[this.#length - 1]!;
    const encoded = Buffer.from(value, 'utf8');
    if (from + encoded.length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(2 * this.#bytes.length, from + encoded.length));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    if (this.#length === this.#ends.length) {
      const grown = new Uint32Array(2 * this.#ends.length);
      grown.set(this.#ends);
      this.#ends = grown;
    }
    this.#bytes.set(encoded, from);
    this.#ends[this.#length++] = from + encoded.length;
  }

  get(index: number): string {
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength).toString(
      'utf8',
      ...this.#range(index),
    );
  }

  /** The UTF-8 bytes of one string, not copied. */
  bytes(index: number): Uint8Array {
    return this.#bytes.subarray(...this.#range(index));
  }

  /** What to store: the bytes of all strings, and where each ends. */
  parts(): { readonly bytes: Uint8Array; readonly ends: Uint32Array } {
    const used = this.#length === 0 ? 0 : this.#ends[this.#length - 1]!;
    return { bytes: this.#bytes.subarray(0, used), ends: this.#ends.subarray(0, this.#length) };
  }
}
