/*
 * The plain module of tfjs-backend-wasm has all its kernels and a memory that is its own. Declared as shared, the same memory can be
 * worked on by helpers, each with an instance of this package's kernels, while the module's own kernels stay on the thread that called them.
 */

const memorySection = 5;
const hasMaximum = 1;
const isShared = 2;

/**
 * A WebAssembly module whose memory is shared: the same code. A module without a memory of its own, or one without a limit, is left as it is.
 *
 * @see the binary format of WebAssembly 2.0, sections 5.5.8 and 5.3.8
 */
export function withSharedMemory(binary: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  // After magic number and version: sections, each with its number and its length.
  for (let at = 8; at < binary.length;) {
    const section = binary[at];
    const length = readUnsigned(binary, at + 1);
    // One memory: its count, its flags, its limits.
    const flags = length.end + 1;
    if (section === memorySection && binary[length.end] === 1 && binary[flags] === hasMaximum) {
      const shared = binary.slice();
      shared[flags] = hasMaximum | isShared;
      return shared;
    }
    at = length.end + length.value;
  }
  return binary;
}

/** A number as LEB128. */
function readUnsigned(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let [end, weight] = [at, 1]; ; end++, weight *= 128) {
    const byte = bytes[end] ?? 0;
    value += (byte & 127) * weight;
    if (byte < 128) return { value, end: end + 1 };
  }
}

function shared(source: BufferSource): Uint8Array<ArrayBuffer> {
  const isView = ArrayBuffer.isView(source);
  const bytes = isView ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source);
  return withSharedMemory(Uint8Array.from(bytes));
}

/** Modules that are instantiated while `start` is at work get a shared memory. */
export async function sharingMemory<Result>(start: () => Promise<Result>): Promise<Result> {
  const { instantiate, instantiateStreaming } = WebAssembly;
  Object.assign(WebAssembly, {
    instantiate: (source: BufferSource | WebAssembly.Module, imports?: WebAssembly.Imports) =>
      source instanceof WebAssembly.Module ? instantiate(source, imports) : instantiate(shared(source), imports),
    instantiateStreaming: async (source: Response | PromiseLike<Response>, imports?: WebAssembly.Imports) =>
      instantiate(shared(await (await source).arrayBuffer()), imports),
  });
  try {
    return await start();
  } finally {
    Object.assign(WebAssembly, { instantiate, instantiateStreaming });
  }
}
