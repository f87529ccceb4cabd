import {
  ADD,
  type Code,
  code,
  constant,
  doubles,
  get,
  increase,
  LESS,
  load,
  loadSplat,
  MULTIPLY,
  repeat,
  set,
  store,
  times,
  type WasmFunction,
  type WasmInstance,
  wasmInstances,
  ZERO,
} from './wasm.js';

/**
 * A matrix product over packed panels, where most of the time of k-means and of the Frechet distance goes.
 *
 * Adds to C (row-major, `rowBytes` a row) the product of packed A and B: A in panels of 4 rows, stored [panel][depth][4]; B in panels of 4
 * columns, stored [panel][depth][4]; all doubles, offsets in bytes, panels `panelBytes` apart. With `upper` = 1 only tiles on and above the
 * diagonal are computed. No fused multiply-add: every machine gets the same bits.
 */
export type Multiply = (
  a: number,
  b: number,
  c: number,
  rowPanels: number,
  columnPanels: number,
  depth: number,
  panelBytes: number,
  rowBytes: number,
  upper: number,
) => void;

/**
 * One row less `shift`, spread over panels of 4 columns that are `panelBytes` apart, and added to `sums`. All have `columns` doubles, a multiple
 * of 4; offsets in bytes.
 */
export type Spread = (row: number, shift: number, sums: number, panels: number, columns: number, panelBytes: number) => void;

const TILE_ROWS = 4;
/** A row of a tile, and a row of a panel: 4 doubles. */
const TILE_BYTES = 32;

/** Local that holds half a row of the tile's sums. */
const sum = (row: number, half: number): number => 18 + 2 * row + half;

function multiply(): WasmFunction {
  const [a, b, c, rowPanels, columnPanels, depth, panelBytes, rowBytes, upper] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
  const [i, j, p, from, to, out] = [9, 10, 11, 12, 13, 14] as const;
  const [left, right, factor] = [15, 16, 17] as const;
  const step = constant(TILE_BYTES);
  const eachRow = (part: (row: number) => Code): number[] => times(TILE_ROWS, part);
  const eachHalf = (part: (vector: number, half: number) => Code): number[] => code(part(left, 0), part(right, 1));

  const accumulate = code(
    eachHalf((vector, half) => code(get(to), load(16 * half), set(vector))),
    eachRow((row) =>
      code(
        code(get(from), loadSplat(8 * row), set(factor)),
        eachHalf((vector, half) =>
          code(get(sum(row, half)), get(factor), get(vector), doubles.multiply, doubles.add, set(sum(row, half))),
        ),
      ),
    ),
    increase(from, step),
    increase(to, step),
    increase(p, constant(-1)),
  );
  const tile = code(
    code(get(a), get(i), get(panelBytes), MULTIPLY, ADD, set(from)),
    code(get(b), get(j), get(panelBytes), MULTIPLY, ADD, set(to)),
    eachRow((row) => code(ZERO, set(sum(row, 0)), ZERO, set(sum(row, 1)))),
    code(get(depth), set(p)),
    repeat(accumulate, get(p)),
    code(get(c), get(i), get(rowBytes), MULTIPLY, constant(TILE_ROWS), MULTIPLY, ADD),
    code(get(j), step, MULTIPLY, ADD, set(out)),
    eachRow((row) =>
      code(
        eachHalf((_, half) => code(get(out), get(out), load(16 * half), get(sum(row, half)), doubles.add, store(16 * half))),
        increase(out, get(rowBytes)),
      ),
    ),
    increase(j, constant(1)),
  );
  const rowOfTiles = code(
    code(get(upper), get(i), MULTIPLY, set(j)),
    repeat(tile, code(get(j), get(columnPanels), LESS)),
    increase(i, constant(1)),
  );
  return {
    name: 'multiply',
    parameters: 9,
    integers: 6,
    vectors: 3 + 2 * TILE_ROWS,
    body: repeat(rowOfTiles, code(get(i), get(rowPanels), LESS)),
  };
}

function spread(): WasmFunction {
  const [row, shift, sums, panels, columns, panelBytes] = [0, 1, 2, 3, 4, 5] as const;
  const [column, value] = [6, 7] as const;
  const four = code(
    times(2, (half) =>
      code(
        code(get(row), load(16 * half), get(shift), load(16 * half), doubles.subtract, set(value)),
        code(get(panels), get(value), store(16 * half)),
        code(get(sums), get(sums), load(16 * half), get(value), doubles.add, store(16 * half)),
      ),
    ),
    [row, shift, sums].flatMap((pointer) => increase(pointer, constant(TILE_BYTES))),
    increase(panels, get(panelBytes)),
    increase(column, constant(4)),
  );
  return {
    name: 'spread',
    parameters: 6,
    integers: 1,
    vectors: 1,
    body: repeat(four, code(get(column), get(columns), LESS)),
  };
}

/** The kernels over a memory of so many bytes. */
export const tileKernel: (bytes: number) => WasmInstance<{ readonly multiply: Multiply; readonly spread: Spread }> | undefined =
  wasmInstances(() => [multiply(), spread()]);
