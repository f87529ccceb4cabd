import type { Kernels } from './memory.js';
import { startHelper, type HelperScript } from './start-helper.js';

const slotSize = 32;
const generation = 0;
const pending = 1;
const failed = 2;

/** Helpers that run parts of a kernel beside the thread that calls it. */
export interface WorkerPool {
  /** Threads in all, the calling one included. */
  readonly threads: number;
  /** Calls the kernel once for each list of arguments, at most `threads` of them, in parallel; returns when all have. */
  run(kernel: keyof Kernels, calls: readonly (readonly number[])[]): void;
}

// Waits for a new generation, does its part, counts itself off. It never returns to its event loop.
const script: HelperScript = (data, isReady) => `
const { control, slots, memory, binary, names, index } = ${data};
const kernels = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } }).exports;
let seen = 0;
${isReady};
for (;;) {
  Atomics.wait(control, ${generation}, seen);
  const current = Atomics.load(control, ${generation});
  if (current === seen) continue;
  seen = current;
  const slot = slots.subarray(index * ${slotSize}, (index + 1) * ${slotSize});
  try {
    if (slot[0] >= 0) kernels[names[slot[0]]](...slot.subarray(2, 2 + slot[1]));
  } catch {
    Atomics.store(control, ${failed}, 1);
  }
  if (Atomics.sub(control, ${pending}, 1) === 1) Atomics.notify(control, ${pending});
}
`;

/**
 * Starts the helpers of a backend whose memory is shared, from a thread that may wait for them. They do not keep a process alive.
 *
 * @throws what keeps a helper from starting
 */
export async function startWorkerPool(
  threads: number,
  memory: WebAssembly.Memory,
  binary: Uint8Array,
  kernels: Kernels,
): Promise<WorkerPool> {
  const names = Object.keys(kernels) as (keyof Kernels)[];
  const helpers = threads - 1;
  const control = new Int32Array(new SharedArrayBuffer(12));
  const slots = new Float64Array(new SharedArrayBuffer(8 * slotSize * helpers));
  await Promise.all(
    Array.from({ length: helpers }, (_, index) => startHelper(script, { control, slots, memory, binary, names, index })),
  );
  return {
    threads,
    run: (kernel, calls) => {
      const [own, ...others] = calls;
      for (let index = 0; index < helpers; index++) {
        const values = others[index];
        const slot = slots.subarray(index * slotSize, (index + 1) * slotSize);
        slot[0] = values ? names.indexOf(kernel) : -1;
        slot[1] = values?.length ?? 0;
        if (values) slot.set(values, 2);
      }
      Atomics.store(control, pending, helpers);
      Atomics.add(control, generation, 1);
      Atomics.notify(control, generation);
      if (own) kernels[kernel](...own);
      for (let left = Atomics.load(control, pending); left > 0; left = Atomics.load(control, pending))
        Atomics.wait(control, pending, left);
      if (Atomics.exchange(control, failed, 0) !== 0) throw new Error(`training/wasm: ${kernel} failed on a helper thread.`);
    },
  };
}
