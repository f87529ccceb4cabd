import { type Kernels, wasmInstance } from './wasm.js';

/** Elements of a panel's row: what a tile holds of doubles. */
export const PANEL = 4;

/** Double precision memory with a tile product over it: in WebAssembly where there is SIMD, else the same in plain JavaScript. */
export interface Tiles {
  /** Everything, as doubles; call again after `reserve`. */
  view(): Float64Array;
  /** Makes sure that `doubles` fit; contents are kept. */
  reserve(doubles: number): void;
  /** C += A B over packed panels of 4; offsets and lengths in doubles; panels lie without gaps if `panelLength` is not given. See assembly/tile.ts. */
  multiply(
    a: number,
    b: number,
    c: number,
    rowPanels: number,
    columnPanels: number,
    depth: number,
    rowLength: number,
    options?: { readonly upper?: boolean; readonly panelLength?: number },
  ): void;
  /** One row of `columns` doubles (a multiple of 4) less `shift`, spread over panels and added to `sums`. Offsets in doubles. */
  spread(row: number, shift: number, sums: number, panels: number, columns: number, panelLength: number): void;
}

/** The tile product without SIMD: for engines that lack it, and what the kernel is tested against. */
export function plainMultiply(view: () => Float64Array): Kernels['tileMultiply'] {
  return (aByte, bByte, cByte, rowPanels, columnPanels, depth, panelBytes, rowBytes, upper) => {
    const data = view();
    for (let i = 0; i < rowPanels; i++) {
      for (let j = upper ? i : 0; j < columnPanels; j++) {
        const a = (aByte + i * panelBytes) / 8;
        const b = (bByte + j * panelBytes) / 8;
        for (let row = 0; row < PANEL; row++) {
          for (let column = 0; column < PANEL; column++) {
            let sum = 0;
            for (let p = 0; p < depth; p++) sum += data[a + p * PANEL + row]! * data[b + p * PANEL + column]!;
            data[cByte / 8 + (i * PANEL + row) * (rowBytes / 8) + j * PANEL + column]! += sum;
          }
        }
      }
    }
  };
}

function plainSpread(view: () => Float64Array): Kernels['tileSpread'] {
  return (rowByte, shiftByte, sumsByte, panelsByte, columns, panelBytes) => {
    const data = view();
    for (let column = 0; column < columns; column++) {
      const value = data[rowByte / 8 + column]! - data[shiftByte / 8 + column]!;
      const panel = Math.floor(column / PANEL);
      data[panelsByte / 8 + (panel * panelBytes) / 8 + (column % PANEL)] = value;
      data[sumsByte / 8 + column]! += value;
    }
  };
}

/** @param simd false: plain JavaScript even where WebAssembly has SIMD */
export function createTiles(doubles: number, simd = true): Tiles {
  const wasm = simd ? wasmInstance(8 * doubles) : undefined;
  if (wasm) {
    let view = new Float64Array(wasm.buffer());
    return tilesOver(
      wasm.functions,
      () => view,
      (needed) => {
        wasm.reserve(8 * needed);
        view = new Float64Array(wasm.buffer());
      },
    );
  }
  let view = new Float64Array(doubles);
  return tilesOver(
    { tileMultiply: plainMultiply(() => view), tileSpread: plainSpread(() => view) },
    () => view,
    (needed) => {
      const larger = new Float64Array(needed);
      larger.set(view);
      view = larger;
    },
  );
}

function tilesOver(
  kernels: Pick<Kernels, 'tileMultiply' | 'tileSpread'>,
  view: () => Float64Array,
  grow: (doubles: number) => void,
): Tiles {
  return {
    view,
    reserve(doubles) {
      if (view().length < doubles) grow(doubles);
    },
    multiply(a, b, c, rowPanels, columnPanels, depth, rowLength, { upper = false, panelLength = depth * PANEL } = {}) {
      if (rowPanels > 0 && columnPanels > 0 && depth > 0)
        kernels.tileMultiply(8 * a, 8 * b, 8 * c, rowPanels, columnPanels, depth, 8 * panelLength, 8 * rowLength, upper ? 1 : 0);
    },
    spread(row, shift, sums, panels, columns, panelLength) {
      if (columns > 0) kernels.tileSpread(8 * row, 8 * shift, 8 * sums, 8 * panels, columns, 8 * panelLength);
    },
  };
}

/** Smallest multiple of a panel's width that is not below `count`. */
export const padded = (count: number): number => Math.ceil(count / PANEL) * PANEL;

/**
 * Packs rows as panels of 4 rows, [panel][column][4], so that a product runs along the columns: for X Y^T. Missing rows of the last panel are 0.
 *
 * @param rows which rows of `source` (row-major, `columns` wide), by number
 * @param shift subtracted from every row
 */
export function packRows(
  target: Float64Array,
  at: number,
  source: ArrayLike<number>,
  columns: number,
  rows: ArrayLike<number>,
  from: number,
  to: number,
  shift?: Float64Array,
): void {
  for (let panel = from; panel < to; panel += PANEL) {
    let out = at + (panel - from) * columns;
    // A row beyond the last is packed as the last one and then cleared: the common case stays one plain loop.
    const start = (r: number): number => rows[Math.min(panel + r, to - 1)]! * columns;
    const [a, b, c, d] = [start(0), start(1), start(2), start(3)];
    for (let column = 0; column < columns; column++, out += PANEL) {
      const less = shift ? shift[column]! : 0;
      target[out] = source[a + column]! - less;
      target[out + 1] = source[b + column]! - less;
      target[out + 2] = source[c + column]! - less;
      target[out + 3] = source[d + column]! - less;
    }
    for (let r = to - panel; r < PANEL; r++) {
      for (let column = 0, empty = at + (panel - from) * columns + r; column < columns; column++, empty += PANEL)
        target[empty] = 0;
    }
  }
}

/**
 * Packs columns as panels of 4 columns, [panel][row][4], so that a product runs along the rows: for X^T Y. Missing columns of the last panel
 * are 0.
 */
export function packColumns(
  target: Float64Array,
  at: number,
  source: ArrayLike<number>,
  columns: number,
  rowFrom: number,
  rowTo: number,
): void {
  const depth = rowTo - rowFrom;
  const whole = columns - (columns % PANEL);
  for (let row = 0; row < depth; row++) {
    let read = (rowFrom + row) * columns;
    let out = at + row * PANEL;
    for (let column = 0; column < whole; column += PANEL, read += PANEL, out += depth * PANEL) {
      target[out] = source[read]!;
      target[out + 1] = source[read + 1]!;
      target[out + 2] = source[read + 2]!;
      target[out + 3] = source[read + 3]!;
    }
    if (whole < columns) {
      for (let c = 0; c < PANEL; c++) target[out + c] = whole + c < columns ? source[read + c]! : 0;
    }
  }
}
