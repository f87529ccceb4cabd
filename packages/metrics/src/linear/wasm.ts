/**
 * Just enough of an assembler for WebAssembly with 128-bit SIMD to write this package's inner loops instruction by instruction: JavaScript has
 * no SIMD of its own, and a compiler would be a build step for a few dozen instructions. Functions take 32-bit integers and work on one memory.
 *
 * V8 computes as late as it can: all loads of a loop's body come first. More than 6 of them with 8 sums, or a loop unrolled, do not fit the
 * registers and cost a third to half of the speed.
 */
export type Code = readonly number[];

const I32 = 0x7f;
const V128 = 0x7b;

const unsigned = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)]);
const signed = (value: number): number[] =>
  value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];

export const code = (...parts: readonly (number | Code)[]): number[] => parts.flat();
/** The code of `part` for 0 .. count - 1, one after the other. */
export const times = (count: number, part: (i: number) => Code): number[] =>
  Array.from({ length: count }, (_, i) => part(i)).flat();

/** Numbers of locals that follow one another. */
export const locals =
  (first: number) =>
  (i: number): number =>
    first + i;
export const get = (local: number): number[] => [0x20, local];
export const set = (local: number): number[] => [0x21, local];
export const constant = (value: number): number[] => [0x41, ...signed(value)];
export const ADD = 0x6a;
export const MULTIPLY = 0x6c;
/** Unsigned. */
export const LESS = 0x49;
export const increase = (local: number, by: Code): number[] => code(get(local), by, ADD, set(local));
/** `do body while (condition)`. */
export const repeat = (body: Code, condition: Code): number[] => code(0x03, 0x40, body, condition, 0x0d, 0, 0x0b);
/** `if (condition) body`. */
export const when = (condition: Code, body: Code): number[] => code(condition, 0x04, 0x40, body, 0x0b);

const simd = (opcode: number, ...immediate: number[]): number[] => code(0xfd, unsigned(opcode), immediate);
/** Memory accesses take an address from the stack and add `offset` bytes. */
export const load = (offset: number): number[] => simd(0x00, 0, ...unsigned(offset));
export const store = (offset: number): number[] => simd(0x0b, 0, ...unsigned(offset));
/** Both halves from one double in memory. */
export const loadSplat = (offset: number): number[] => simd(0x0a, 0, ...unsigned(offset));
export const storeDouble = (offset: number): number[] => [0x39, 3, ...unsigned(offset)];
export const storeFloat = (offset: number): number[] => [0x38, 2, ...unsigned(offset)];
export const ZERO: Code = simd(0x0c, ...Array.from({ length: 16 }, () => 0));

/** Lanes of two doubles. */
export const doubles: Readonly<Record<'add' | 'subtract' | 'multiply' | 'toFloats', Code>> = {
  add: simd(0xf0),
  subtract: simd(0xf1),
  multiply: simd(0xf2),
  /** Into the lower two lanes; the upper become 0. */
  toFloats: simd(0x5e),
};
/** Lanes of four floats. */
export const floats: Readonly<Record<'add' | 'multiply', Code>> = { add: simd(0xe4), multiply: simd(0xe6) };

/** Lanes of 4 bytes, of two vectors counted through from 0 to 7. */
export const shuffle = (...lanes: readonly [number, number, number, number]): number[] =>
  simd(0x0d, ...lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)));
/** Sum of the two doubles of a local, as a double. */
export const sumOfDoubles = (local: number): number[] => code(get(local), simd(0x21, 0), get(local), simd(0x21, 1), 0xa0);
/** Sum of the four floats of a local, as a float; the local is lost. */
export const sumOfFloats = (local: number): number[] => {
  const fold = (...lanes: readonly [number, number, number, number]): number[] =>
    code(get(local), get(local), get(local), shuffle(...lanes), floats.add, set(local));
  return code(fold(2, 3, 0, 1), fold(1, 0, 3, 2), get(local), simd(0x1f, 0));
};

export interface WasmFunction {
  readonly name: string;
  /** Locals are numbered: parameters, then integers, then vectors. */
  readonly parameters: number;
  readonly integers: number;
  readonly vectors: number;
  readonly body: Code;
}

const text = (name: string): number[] => [name.length, ...Array.from(name, (letter) => letter.charCodeAt(0))];

function moduleOf(functions: readonly WasmFunction[]): Uint8Array {
  const section = (id: number, ...parts: readonly (number | Code)[]): number[] => {
    const content = code(...parts);
    return code(id, unsigned(content.length), content);
  };
  const list = (part: (f: WasmFunction, i: number) => Code): number[] => code(functions.length, ...functions.map(part));
  const bodyOf = ({ integers, vectors, body }: WasmFunction): number[] => {
    const content = code(2, integers, I32, vectors, V128, body, 0x0b);
    return code(unsigned(content.length), content);
  };
  return Uint8Array.from(
    code(
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(
        1,
        list(({ parameters }) => [0x60, parameters, ...Array.from({ length: parameters }, () => I32), 0]),
      ),
      section(2, 1, text('host'), text('memory'), 2, 0, 1),
      section(
        3,
        list((_, i) => [i]),
      ),
      section(
        7,
        list(({ name }, i) => code(text(name), 0, i)),
      ),
      section(10, list(bodyOf)),
    ),
  );
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
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
  validate(bytes: Uint8Array): boolean;
}

export interface WasmInstance<Functions> {
  readonly functions: Functions;
  /** Everything; another object after `reserve`. */
  buffer(): ArrayBuffer;
  /** Makes sure that `bytes` fit; contents are kept. */
  reserve(bytes: number): void;
}

/**
 * Instances of a module over a memory of `bytes` or more each; undefined where WebAssembly or its SIMD is missing. The module is compiled once:
 * engines start with plain code and optimise it while it runs, and every module would start anew. Browsers compile up to 4 KiB at once on the
 * main thread, which is several kernels.
 */
export function wasmInstances<Functions>(
  functions: () => readonly WasmFunction[],
): (bytes: number) => WasmInstance<Functions> | undefined {
  let compiled: object | undefined;
  return (bytes) => {
    const wasm = (globalThis as { readonly WebAssembly?: Wasm }).WebAssembly;
    if (!wasm) return undefined;
    if (!compiled) {
      const program = moduleOf(functions());
      if (!wasm.validate(program)) return undefined;
      compiled = new wasm.Module(program);
    }
    const memory = new wasm.Memory({ initial: Math.max(1, Math.ceil(bytes / PAGE)) });
    const { exports } = new wasm.Instance(compiled, { host: { memory } });
    return {
      functions: exports as Functions,
      buffer: () => memory.buffer,
      reserve(needed) {
        const missing = needed - memory.buffer.byteLength;
        if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      },
    };
  };
}
