import { ScoreError } from '../errors.js';

/** A place in the bytes of a MIDI file, and the reading that moves it; numbers are big-endian. */
export class MidiCursor {
  constructor(
    readonly bytes: Uint8Array,
    /** Name of the file, for messages. */
    readonly file: string,
    public at: number = 0,
  ) {}

  get length(): number {
    return this.bytes.length;
  }

  /** @throws ScoreError always: what is wrong here */
  damaged(found: string, at: number = this.at): never {
    throw new ScoreError(
      `${this.file}: damaged at byte ${at} of ${this.length}: ${found}. Expected a whole Standard MIDI File (.mid).`,
      at,
    );
  }

  byte(): number {
    const value = this.bytes[this.at];
    if (value === undefined) this.damaged('the file is cut short');
    this.at++;
    return value;
  }

  /** A byte whose highest bit is clear, as every argument of a channel message is. */
  argument(what: string): number {
    const value = this.byte();
    if (value > 127) this.damaged(`${what} ${value}, where 0 to 127 was expected`, this.at - 1);
    return value;
  }

  number(bytes: number): number {
    let value = 0;
    for (let i = 0; i < bytes; i++) value = value * 256 + this.byte();
    return value;
  }

  /** A number of variable length: seven bits a byte, four bytes at most. */
  variable(): number {
    let value = 0;
    for (let i = 0; i < 4; i++) {
      const byte = this.byte();
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    return this.damaged('a number of more than four bytes');
  }

  skip(bytes: number): void {
    if (bytes > this.length - this.at)
      this.damaged(`${bytes} bytes announced, ${this.length - this.at} left: the file is cut short`);
    this.at += bytes;
  }

  /** Four letters at a position; shorter at the end of the file. */
  name(at: number = this.at): string {
    return String.fromCharCode(...this.bytes.subarray(at, at + 4));
  }
}
