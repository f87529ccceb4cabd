import type { StringColumn } from './string-column.js';

function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, index) => byte === b[index]);

/** Finds the position of a string in a column: open addressing over 4 bytes a slot, so 300,000 names take 4 MB. */
export class IdLookup {
  readonly #names: StringColumn;
  #slots: Int32Array;
  #count = 0;

  /** @param names positions already in it are entered; later ones with `add` */
  constructor(names: StringColumn) {
    this.#names = names;
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(16, 2 * names.length)))).fill(-1);
    for (let row = 0; row < names.length; row++) this.add(row);
  }

  #slot(bytes: Uint8Array): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(bytes) & mask;
    for (;;) {
      const row = this.#slots[slot]!;
      if (row < 0 || equal(this.#names.bytes(row), bytes)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  /** Enters the string at `row`; false, and nothing changes, if an equal one is there already. */
  add(row: number): boolean {
    if (2 * (this.#count + 1) > this.#slots.length) {
      const rows = this.#slots.filter((entered) => entered >= 0);
      this.#slots = new Int32Array(2 * this.#slots.length).fill(-1);
      for (const entered of rows) this.#slots[this.#slot(this.#names.bytes(entered))] = entered;
    }
    const slot = this.#slot(this.#names.bytes(row));
    if (this.#slots[slot]! >= 0) return false;
    this.#slots[slot] = row;
    this.#count++;
    return true;
  }

  /** Position of `name`, or -1. */
  find(name: string): number {
    return this.#slots[this.#slot(Buffer.from(name, 'utf8'))]!;
  }
}
