import { decodeDoubles, encodeDoubles } from './base64.js';
import { hashRow } from './row-hash.js';
import type { Matrix } from './rows.js';

interface Row {
  readonly hash: number;
  readonly values: Float64Array;
}

/** Orders rows by hash, then by content: the same order wherever they come from. */
function compare(a: Row, b: Row): number {
  if (a.hash !== b.hash) return a.hash - b.hash;
  for (let i = 0; i < a.values.length; i++) {
    if (a.values[i] !== b.values[i]) return a.values[i]! - b.values[i]!;
  }
  return 0;
}

/**
 * Keeps at most `limit` of all rows it sees: those with the smallest hashes, which is a random choice that neither order nor sharding changes.
 */
export class RowSketch {
  readonly #dimensions: number;
  readonly #limit: number;
  readonly #seed: number;
  #rows: Row[] = [];
  /** Rows seen, kept or not. */
  count = 0;

  constructor(dimensions: number, limit: number, seed: number) {
    this.#dimensions = dimensions;
    this.#limit = limit;
    this.#seed = seed;
  }

  add({ data, rows, columns }: Matrix): void {
    for (let row = 0; row < rows; row++) {
      this.#rows.push({
        hash: hashRow(data, row * columns, columns, this.#seed),
        values: Float64Array.from(data.subarray(row * columns, (row + 1) * columns)),
      });
      if (this.#rows.length >= 2 * this.#limit + 64) this.#prune();
    }
    this.count += rows;
  }

  #prune(): void {
    this.#rows.sort(compare);
    this.#rows = this.#rows.slice(0, this.#limit);
  }

  /** The kept rows, in an order that depends on nothing but the rows. */
  matrix(): Matrix {
    this.#prune();
    const data = new Float64Array(this.#rows.length * this.#dimensions);
    for (const [i, { values }] of this.#rows.entries()) data.set(values, i * this.#dimensions);
    return { data, rows: this.#rows.length, columns: this.#dimensions };
  }

  toJSON(): unknown {
    const { data, rows } = this.matrix();
    return { count: this.count, rows, values: encodeDoubles(data as Float64Array) };
  }

  addSaved(saved: unknown, who: string): void {
    const { count, rows, values } = saved as { count: number; rows: number; values: string };
    this.add({ data: decodeDoubles(values, rows * this.#dimensions, who), rows, columns: this.#dimensions });
    this.count += count - rows;
  }
}
