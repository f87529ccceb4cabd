import { ModelFileError } from '../errors.js';

/** A cursor over bytes that came from outside: every read is bounds-checked, and says which file was too short. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly file: string;
  position = 0;

  constructor(bytes: Uint8Array, file: string) {
    this.bytes = bytes;
    this.file = file;
  }

  get done(): boolean {
    return this.position >= this.bytes.length;
  }

  fail(problem: string): never {
    throw new ModelFileError(this.file, problem);
  }

  take(length: number): Uint8Array {
    if (length < 0 || this.position + length > this.bytes.length)
      this.fail(
        `expected ${length} more bytes at ${this.position}, found ${this.bytes.length - this.position}. The file is damaged`,
      );
    return this.bytes.subarray(this.position, (this.position += length));
  }

  /** Little-endian. */
  uint32(): number {
    const b = this.take(4);
    return new DataView(b.buffer, b.byteOffset, 4).getUint32(0, true);
  }

  /** Base-128 integer, at most 2^53 - 1: no size or offset of a real file is larger. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.take(1)[0]!;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) {
        if (!Number.isSafeInteger(value)) break;
        return value;
      }
    }
    return this.fail(`expected an integer below 2^53 at ${this.position}. The file is damaged`);
  }
}

/** One field of a protocol buffer message: integers (wire types 0, 1, 5) or the bytes of a string or message (2). */
export type WireField =
  | { readonly field: number; readonly type: 'integer'; readonly value: number }
  | { readonly field: number; readonly type: 'bytes'; readonly value: Uint8Array };

/** Fields of a protocol buffer message in file order. Four small messages are all a tensor bundle has; no schema compiler needed. */
export function* wireFields(bytes: Uint8Array, file: string): Generator<WireField> {
  const reader = new ByteReader(bytes, file);
  while (!reader.done) {
    const key = reader.varint();
    const field = Math.floor(key / 8);
    switch (key % 8) {
      case 0:
        yield { field, type: 'integer', value: reader.varint() };
        break;
      case 1:
        reader.take(8);
        break;
      case 2:
        yield { field, type: 'bytes', value: reader.take(reader.varint()) };
        break;
      case 5:
        yield { field, type: 'integer', value: reader.uint32() };
        break;
      default:
        reader.fail(`expected a protocol buffer field, found wire type ${key % 8}. The file is damaged`);
    }
  }
}
