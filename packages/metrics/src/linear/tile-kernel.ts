/**
 * A matrix product over packed panels, as a WebAssembly module of 128-bit SIMD written out here instruction by instruction: JavaScript has no
 * SIMD of its own, and this inner loop is where all of the time of k-means and of the Frechet distance goes.
 *
 * `multiply(a, b, c, rowPanels, columnPanels, depth, rowBytes, upper)` adds to C (row-major, `rowBytes` a row) the product of packed A and B:
 * A in panels of 4 rows, stored [panel][depth][4]; B in panels of 4 columns, stored [panel][depth][4]; all doubles, offsets in bytes. With
 * `upper` = 1 only tiles on and above the diagonal are computed. No fused multiply-add: every machine gets the same bits.
 */
export type Multiply = (
  a: number,
  b: number,
  c: number,
  rowPanels: number,
  columnPanels: number,
  depth: number,
  rowBytes: number,
  upper: number,
) => void;

/** Bytes by which the memory grows. */
export const WASM_PAGE = 65536;
const TILE_ROWS = 4;
/** A row of a tile, and a row of a panel: 4 doubles. */
const TILE_BYTES = 32;

const I32 = 0x7f;
const V128 = 0x7b;

type Code = readonly number[];

const unsigned = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)]);
const signed = (value: number): number[] =>
  value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
const code = (...parts: readonly (number | Code)[]): number[] => parts.flat();
const section = (id: number, ...parts: readonly (number | Code)[]): number[] => {
  const body = code(...parts);
  return code(id, unsigned(body.length), body);
};
const text = (name: string): number[] => [name.length, ...Array.from(name, (letter) => letter.charCodeAt(0))];

const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const constant = (value: number): number[] => [0x41, ...signed(value)];
const ADD = 0x6a;
const MUL = 0x6c;
const LESS = 0x49;
const increase = (local: number, by: Code): number[] => code(get(local), by, ADD, set(local));
/** `do body while (condition)`. */
const repeat = (body: Code, condition: Code): number[] => code(0x03, 0x40, body, condition, 0x0d, 0, 0x0b);
const simd = (opcode: number, ...immediate: number[]): number[] => code(0xfd, unsigned(opcode), immediate);
const splat = (offset: number): number[] => simd(0x0a, 0, ...unsigned(offset));
const load = (offset: number): number[] => simd(0x00, 0, ...unsigned(offset));
const store = (offset: number): number[] => simd(0x0b, 0, ...unsigned(offset));
/** Local that holds half a row of the tile's sums. */
const sum = (row: number, half: number): number => 17 + 2 * row + half;
const ZERO = simd(0x0c, ...Array.from({ length: 16 }, () => 0));

function program(): number[] {
  const add = simd(0xf0);
  const multiply = simd(0xf2);
  const step = constant(TILE_BYTES);

  const [a, b, c, rowPanels, columnPanels, depth, rowBytes, upper] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const [i, j, p, from, to, out] = [8, 9, 10, 11, 12, 13] as const;
  const [left, right, factor] = [14, 15, 16] as const;
  const eachRow = (part: (row: number) => Code): number[] => Array.from({ length: TILE_ROWS }, (_, row) => part(row)).flat();
  const eachHalf = (part: (vector: number, half: number) => Code): number[] => code(part(left, 0), part(right, 1));

  const accumulate = code(
    eachHalf((vector, half) => code(get(to), load(16 * half), set(vector))),
    eachRow((row) =>
      code(
        code(get(from), splat(8 * row), set(factor)),
        eachHalf((vector, half) => code(get(sum(row, half)), get(factor), get(vector), multiply, add, set(sum(row, half)))),
      ),
    ),
    increase(from, step),
    increase(to, step),
    increase(p, constant(-1)),
  );
  const tile = code(
    code(get(a), get(i), get(depth), MUL, step, MUL, ADD, set(from)),
    code(get(b), get(j), get(depth), MUL, step, MUL, ADD, set(to)),
    eachRow((row) => code(ZERO, set(sum(row, 0)), ZERO, set(sum(row, 1)))),
    code(get(depth), set(p)),
    repeat(accumulate, get(p)),
    code(get(c), get(i), get(rowBytes), MUL, constant(TILE_ROWS), MUL, ADD),
    code(get(j), step, MUL, ADD, set(out)),
    eachRow((row) =>
      code(
        eachHalf((_, half) => code(get(out), get(out), load(16 * half), get(sum(row, half)), add, store(16 * half))),
        increase(out, get(rowBytes)),
      ),
    ),
    increase(j, constant(1)),
  );
  const rowOfTiles = code(
    code(get(upper), get(i), MUL, set(j)),
    repeat(tile, code(get(j), get(columnPanels), LESS)),
    increase(i, constant(1)),
  );
  const locals = [2, 6, I32, 3 + 2 * TILE_ROWS, V128];
  const body = code(locals, repeat(rowOfTiles, code(get(i), get(rowPanels), LESS)), 0x0b);
  const type = [0x60, 8, ...Array.from({ length: 8 }, () => I32), 0];
  return code(
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(1, 1, type),
    section(2, 1, text('host'), text('memory'), 2, 0, 1),
    section(3, 1, 0),
    section(7, 1, text('multiply'), 0, 0),
    section(10, 1, unsigned(body.length), body),
  );
}

/** WebAssembly.Memory, as far as it is used here. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** What is used of WebAssembly, so that users need no DOM types. */
interface Wasm {
  readonly Memory: new (descriptor: { readonly initial: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
  validate(bytes: Uint8Array): boolean;
}

/** Compiled once: engines start with plain code and optimise it while it runs, and every module would start anew. */
let compiled: object | undefined;

/** The kernel over a memory of `doubles` or more, or undefined where WebAssembly or its SIMD is missing. */
export function tileKernel(doubles: number): { readonly memory: WasmMemory; readonly multiply: Multiply } | undefined {
  const wasm = (globalThis as { readonly WebAssembly?: Wasm }).WebAssembly;
  if (!wasm) return undefined;
  if (!compiled) {
    const bytes = Uint8Array.from(program());
    if (!wasm.validate(bytes)) return undefined;
    compiled = new wasm.Module(bytes);
  }
  const memory = new wasm.Memory({ initial: Math.max(1, Math.ceil((doubles * 8) / WASM_PAGE)) });
  const { exports } = new wasm.Instance(compiled, { host: { memory } });
  return { memory, multiply: exports['multiply'] as Multiply };
}
