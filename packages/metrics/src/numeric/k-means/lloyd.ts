import type { RowProducts } from './row-products.js';

export interface LloydState {
  /** Centres less the mean of all rows, [k, columns]. */
  readonly centres: Float64Array;
  readonly assignment: Int32Array;
  /** Sum of squared distances of the rows from their centres. */
  objective: number;
  iterations: number;
  converged: boolean;
}

/**
 * One run of Lloyd's algorithm. Distances that bounds prove irrelevant are not computed, which changes nothing in the result.
 *
 * @param centres where to start; becomes the result's
 * @see Hamerly 2010, Making k-means even faster
 */
export class Lloyd {
  readonly state: LloydState;
  readonly #products: RowProducts;
  readonly #k: number;
  /** At least the distance of a row from its own centre; at most that from any other. */
  readonly #upper: Float64Array;
  readonly #lower: Float64Array;
  readonly #sums: Float64Array;
  readonly #counts: Int32Array;
  readonly #moved: Float64Array;
  readonly #tolerance: number;

  constructor(products: RowProducts, centres: Float64Array, k: number, tolerance: number) {
    const { rows, columns, squares } = products;
    this.#products = products;
    this.#k = k;
    this.#upper = new Float64Array(rows);
    this.#lower = new Float64Array(rows);
    this.#sums = new Float64Array(k * columns);
    this.#counts = new Int32Array(k);
    this.#moved = new Float64Array(k);
    // As in scikit-learn: relative to the mean variance of a column.
    this.#tolerance = (tolerance * squares.reduce((sum, value) => sum + value, 0)) / Math.max(1, rows * columns);
    this.state = { centres, assignment: new Int32Array(rows).fill(-1), objective: Number.NaN, iterations: 0, converged: false };
    this.#assign(undefined);
    this.#refill();
  }

  /** Moves the centres to the means of their rows, then every row to its nearest centre. */
  step(): void {
    const shift = this.#moveCentres();
    const changed = this.#assign(this.#unsure());
    const refilled = this.#refill();
    this.state.iterations++;
    this.state.converged = !refilled && (changed === 0 || shift <= this.#tolerance);
  }

  /** Computes centres and objective afresh from the assignment, without what rounding has gathered. */
  finish(): void {
    const { rows, columns } = this.#products;
    const { centres, assignment } = this.state;
    const row = new Float64Array(columns);
    this.#sums.fill(0);
    for (let i = 0; i < rows; i++) this.#addRow(i, assignment[i]!, 1, row);
    this.#setCentres();
    let objective = 0;
    for (let i = 0; i < rows; i++) objective += this.#squaredDistance(i, assignment[i]!, row, centres);
    this.state.objective = objective;
  }

  #squaredDistance(row: number, centre: number, buffer: Float64Array, centres: Float64Array): number {
    const { columns } = this.#products;
    this.#products.copyRow(row, buffer, 0);
    let [a, b] = [0, 0];
    let at = centre * columns;
    let column = 0;
    for (; column + 1 < columns; column += 2, at += 2) {
      const x = buffer[column]! - centres[at]!;
      const y = buffer[column + 1]! - centres[at + 1]!;
      a += x * x;
      b += y * y;
    }
    if (column < columns) a += (buffer[column]! - centres[at]!) ** 2;
    return a + b;
  }

  #addRow(row: number, centre: number, sign: 1 | -1, buffer: Float64Array): void {
    const { columns } = this.#products;
    this.#products.copyRow(row, buffer, 0);
    const at = centre * columns;
    for (let column = 0; column < columns; column++) this.#sums[at + column]! += sign * buffer[column]!;
  }

  #setCentres(): void {
    const { columns } = this.#products;
    const { centres } = this.state;
    for (let centre = 0; centre < this.#k; centre++) {
      const count = this.#counts[centre]!;
      if (count === 0) continue;
      for (let at = centre * columns; at < (centre + 1) * columns; at++) centres[at] = this.#sums[at]! / count;
    }
  }

  /** @returns sum of the squared movements */
  #moveCentres(): number {
    const { columns } = this.#products;
    const before = this.state.centres.slice();
    this.#setCentres();
    let total = 0;
    for (let centre = 0; centre < this.#k; centre++) {
      let square = 0;
      for (let at = centre * columns; at < (centre + 1) * columns; at++) {
        square += (this.state.centres[at]! - before[at]!) ** 2;
      }
      this.#moved[centre] = Math.sqrt(square);
      total += square;
    }
    return total;
  }

  /** Adapts the bounds to the centres' movement; rows whose nearest centre may have changed. */
  #unsure(): Int32Array {
    const { assignment, centres } = this.state;
    const { columns, rows } = this.#products;
    let [most, next, mostAt] = [0, 0, -1];
    for (const [centre, moved] of this.#moved.entries()) {
      if (moved > most) [next, most, mostAt] = [most, moved, centre];
      else if (moved > next) next = moved;
    }
    const unsure = new Int32Array(rows);
    const buffer = new Float64Array(columns);
    let count = 0;
    for (let row = 0; row < rows; row++) {
      const own = assignment[row]!;
      this.#upper[row]! += this.#moved[own]!;
      this.#lower[row]! -= own === mostAt ? next : most;
      const lower = this.#lower[row]!;
      if (this.#upper[row]! < lower) continue;
      if (lower > 0) {
        this.#upper[row] = Math.sqrt(this.#squaredDistance(row, own, buffer, centres));
        if (this.#upper[row]! < lower) continue;
      }
      unsure[count++] = row;
    }
    return unsure.subarray(0, count);
  }

  /** @returns number of rows that changed their centre */
  #assign(chosen: Int32Array | undefined): number {
    const { columns, squares } = this.#products;
    const { centres, assignment } = this.state;
    const k = this.#k;
    const halves = new Float64Array(k);
    for (let centre = 0; centre < k; centre++) {
      let sum = 0;
      for (let at = centre * columns; at < (centre + 1) * columns; at++) sum += centres[at]! ** 2;
      halves[centre] = sum / 2;
    }
    const buffer = new Float64Array(columns);
    let changed = 0;
    this.#products.forEach(centres, k, chosen, (row, product, at) => {
      let [best, first, second] = [0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      for (let centre = 0; centre < k; centre++) {
        const value = halves[centre]! - product[at + centre]!;
        if (value < first) {
          second = first;
          first = value;
          best = centre;
        } else if (value < second) second = value;
      }
      const square = squares[row]!;
      this.#upper[row] = Math.sqrt(Math.max(0, square + 2 * first));
      this.#lower[row] = Math.sqrt(Math.max(0, square + 2 * second));
      const before = assignment[row]!;
      if (before === best) return;
      changed++;
      this.#reassign(row, best, buffer);
    });
    return changed;
  }

  #reassign(row: number, centre: number, buffer: Float64Array): void {
    const { assignment } = this.state;
    const before = assignment[row]!;
    if (before >= 0) {
      this.#addRow(row, before, -1, buffer);
      this.#counts[before]!--;
    }
    this.#addRow(row, centre, 1, buffer);
    this.#counts[centre]!++;
    assignment[row] = centre;
  }

  /** Gives every centre without rows the row farthest from its own centre. */
  #refill(): boolean {
    const buffer = new Float64Array(this.#products.columns);
    let refilled = false;
    for (let centre = 0; centre < this.#k; centre++) {
      if (this.#counts[centre]! > 0) continue;
      let farthest = -1;
      for (let row = 0; row < this.#products.rows; row++) {
        if (this.#counts[this.state.assignment[row]!]! < 2) continue;
        if (farthest < 0 || this.#upper[row]! > this.#upper[farthest]!) farthest = row;
      }
      if (farthest < 0 || this.#upper[farthest] === 0) continue;
      this.#reassign(farthest, centre, buffer);
      this.#upper[farthest] = 0;
      this.#lower.fill(0);
      refilled = true;
    }
    return refilled;
  }
}
