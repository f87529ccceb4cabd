import { startWorkerPool, type WorkerPool } from '@gansynth/common/workers';
import * as tf from '@tensorflow/tfjs-core';
import { guardMemory, type Allocator } from './guard-memory.js';
import { plainKernels, sharedKernels } from './kernels.generated.js';

/** The part of tfjs-backend-wasm's backend that kernels use. */
export interface WasmBackend extends tf.KernelBackend {
  readonly wasm: Allocator & { readonly asm?: Readonly<Record<string, unknown>> };
  readonly dataIdMap: { get(dataId: tf.DataId): { readonly memoryOffset: number } };
  makeOutput(shape: number[], dtype: tf.DataType, memoryOffset?: number, values?: Float32Array): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array;
}

/** Exports of assembly/. Addresses are bytes in the backend's memory; arguments are in the order of their definition there. */
export type Kernels = Readonly<
  Record<
    | 'adam'
    | 'boxUpscale'
    | 'clipGrad'
    | 'convolve'
    | 'filterGradient'
    | 'gated'
    | 'gatedGrad'
    | 'gather'
    | 'interpolate'
    | 'leakyRelu'
    | 'leakyReluGrad'
    | 'multiplyAdd'
    | 'packFilter'
    | 'spread'
    | 'sumRows'
    | 'sumSpans'
    | 'transpose'
    | 'winograd'
    | 'winogradFilter'
    | 'winogradFilterGradient'
    | 'winogradFilterGradientEnd',
    (...values: number[]) => void
  >
>;

const instances = new WeakMap<object, Kernels>();
const memories = new WeakMap<object, WebAssembly.Memory>();
const pools = new WeakMap<object, WorkerPool<keyof Kernels>>();

/** This package's kernels over the backend's own memory. */
export function kernelsOf({ wasm }: WasmBackend): Kernels {
  let kernels = instances.get(wasm);
  if (kernels === undefined) {
    const memory = memories.get(wasm) ?? exportedMemory(wasm.asm ?? {});
    if (memory === undefined) {
      throw new Error(
        'training/wasm: expected to reach the memory of the wasm backend, found a threaded backend that was started before this package ' +
          "was imported. Import '@gansynth/training/wasm' first.",
      );
    }
    kernels = new WebAssembly.Instance(new WebAssembly.Module(binaryFor(memory)), { env: { memory } })
      .exports as unknown as Kernels;
    instances.set(wasm, kernels);
    // A backend that was started before this package was imported.
    guardMemory(wasm);
  }
  return kernels;
}

/** Helper threads of a backend, where they have been started. */
export function poolOf({ wasm }: WasmBackend): WorkerPool<keyof Kernels> | undefined {
  return pools.get(wasm);
}

/** Lets this package's kernels, too, run on several threads: the helpers share the backend's memory. */
export async function startPool(backend: WasmBackend, threads: number): Promise<void> {
  const kernels = kernelsOf(backend);
  const memory = memories.get(backend.wasm) ?? exportedMemory(backend.wasm.asm ?? {});
  if (memory && isShared(memory) && threads > 1)
    pools.set(
      backend.wasm,
      await startWorkerPool({ who: 'training/wasm', threads, memory, binary: binaryFor(memory), functions: kernels }),
    );
}

/** Ends the helpers of a backend: its kernels run on one thread from now on. */
export function endPool({ wasm }: WasmBackend): void {
  pools.get(wasm)?.end();
  pools.delete(wasm);
}

/** Whether this engine can run the kernels: it needs SIMD (Node 16.4, all browsers since 2023). */
export function isSupported(): boolean {
  return WebAssembly.validate(decode(plainKernels));
}

/** Address of a tensor's first value, in bytes. */
export function addressOf(backend: WasmBackend, { dataId }: { dataId: tf.DataId }): number {
  return backend.dataIdMap.get(dataId).memoryOffset;
}

/**
 * Makes the backend's future start remember its memory and say when there is none left. The threaded module makes that memory itself and hands it to nobody, so it is
 * caught while the module starts; the plain one exports it.
 */
export function watchBackendStart(): void {
  const factory = tf.findBackendFactory('wasm');
  if (factory === null || tf.engine().registry['wasm'] !== undefined) return;
  tf.removeBackend('wasm');
  tf.registerBackend(
    'wasm',
    async () => {
      // Outside Node the stock backend would take its threaded module where it could, which does not start once a bundler has minified it
      // (tensorflow/tfjs#4539), and whose kernels wait where a page may not.
      if (!tf.env().getBool('IS_NODE')) tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
      const made: WebAssembly.Memory[] = [];
      const original = WebAssembly.Memory;
      WebAssembly.Memory = class extends original {
        constructor(descriptor: WebAssembly.MemoryDescriptor) {
          super(descriptor);
          if (descriptor.shared) made.push(this);
        }
      };
      try {
        const backend = (await factory()) as WasmBackend;
        if (made[0]) memories.set(backend.wasm, made[0]);
        guardMemory(backend.wasm);
        return backend;
      } finally {
        WebAssembly.Memory = original;
      }
    },
    2,
  );
}

function exportedMemory(exports: Readonly<Record<string, unknown>>): WebAssembly.Memory | undefined {
  return Object.values(exports).find((value): value is WebAssembly.Memory => value instanceof WebAssembly.Memory);
}

const isShared = ({ buffer }: { readonly buffer: ArrayBufferLike }): boolean =>
  typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;

const binaryFor = (memory: WebAssembly.Memory): Uint8Array<ArrayBuffer> =>
  decode(isShared(memory) ? sharedKernels : plainKernels);

const decode = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
