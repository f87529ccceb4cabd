import { startWorkerPool, type CompiledFunctions, type WorkerPool } from '@gansynth/common/workers';
import { plainKernels, sharedKernels } from './kernels.generated.js';

/** Exports of assembly/: `condition(plan)`, `run(plan, time, count, forced)`; addresses in bytes. */
type KernelName = 'condition' | 'run';

/** The compiled sampler on a memory. */
export interface QueueKernels {
  readonly functions: CompiledFunctions<KernelName>;
  /** @throws what keeps helpers from starting */
  startPool(threads: number): Promise<WorkerPool<KernelName>>;
}

export function queueKernels(memory: WebAssembly.Memory): QueueKernels {
  const isShared = typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer;
  const binary = decode(isShared ? sharedKernels : plainKernels);
  const functions = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } })
    .exports as unknown as CompiledFunctions<KernelName>;
  return {
    functions,
    startPool: (threads) => startWorkerPool({ who: 'models-wavenet: Sampler', threads, memory, binary, functions }),
  };
}

const decode = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
