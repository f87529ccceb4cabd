import { kernels } from './kernels.generated.js';

/** The compiled functions of assembly/: addresses in bytes. Their sources say what each computes. */
export interface Kernels {
  tileMultiply(
    a: number,
    b: number,
    c: number,
    rowPanels: number,
    columnPanels: number,
    depth: number,
    panelBytes: number,
    rowBytes: number,
    upper: number,
  ): void;
  tileSpread(row: number, shift: number, sums: number, panels: number, columns: number, panelBytes: number): void;
  rankTwoUpdate(a: number, v: number, w: number, u: number, product: number, pairs: number, rowBytes: number): void;
  floatNarrow(from: number, shift: number, to: number, squares: number, rows: number, width: number): void;
  floatMultiply(a: number, b: number, out: number, rows: number, others: number, rowBytes: number, outBytes: number): void;
}

const PAGE = 65536;

/** WebAssembly.Memory, as far as it is used here. */
interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** What is used of WebAssembly, so that users need no DOM types. */
interface Wasm {
  readonly Memory: new (descriptor: { readonly initial: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  validate(bytes: Uint8Array): boolean;
}

export interface WasmInstance {
  readonly functions: Kernels;
  /** Everything; another object after `reserve`. */
  buffer(): ArrayBuffer;
  /** Makes sure that `bytes` fit; contents are kept. */
  reserve(bytes: number): void;
}

/** Compiled once: engines start with plain code and optimise it while it runs, and every module would start anew. */
let compiled: object | undefined;

/**
 * The kernels over a memory of `bytes` or more; undefined where WebAssembly or its SIMD is missing. Browsers compile up to 4 KiB at once on
 * the main thread, and the module stays below that.
 */
export function wasmInstance(bytes: number): WasmInstance | undefined {
  const wasm = (globalThis as { readonly WebAssembly?: Wasm }).WebAssembly;
  if (!wasm) return undefined;
  if (!compiled) {
    const program = Uint8Array.from(atob(kernels), (character) => character.charCodeAt(0));
    if (!wasm.validate(program)) return undefined;
    compiled = new wasm.Module(program);
  }
  const memory = new wasm.Memory({ initial: Math.max(1, Math.ceil(bytes / PAGE)) });
  const { exports } = new wasm.Instance(compiled, { env: { memory } });
  return {
    functions: exports as Kernels,
    buffer: () => memory.buffer,
    reserve(needed) {
      const missing = needed - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    },
  };
}
