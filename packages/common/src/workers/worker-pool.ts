import { startHelper, type HelperScript } from './start-helper.js';

const slotSize = 32;
const generation = 0;
const pending = 1;
const failed = 2;

/** Exports of a compiled module. */
export type CompiledFunctions<Name extends string> = Readonly<Record<Name, (...values: number[]) => void>>;

/** Helpers that run parts of a compiled function beside the thread that calls it. */
export interface WorkerPool<Name extends string> {
  /** Threads in all, the calling one included. */
  readonly threads: number;
  /**
   * Calls the function once for each list of at most 30 arguments, at most `threads` of them, in parallel; returns when all have ended. Calls
   * that wait for each other must not fail: the others would wait for ever.
   *
   * @throws Error if one fails on a helper; what the calling thread's own throws
   */
  run(name: Name, calls: readonly (readonly number[])[]): void;
  /** Ends the helpers. Not to be called while they run. */
  end(): void;
}

export interface WorkerPoolOptions<Name extends string> {
  /** Whose functions they are: stands before the message where one fails. */
  readonly who: string;
  /** In all, the calling one included. */
  readonly threads: number;
  /** Shared. The module imports it as `env.memory`. */
  readonly memory: WebAssembly.Memory;
  /** The module, of which each helper has an instance. */
  readonly binary: Uint8Array;
  /** The calling thread's instance. */
  readonly functions: CompiledFunctions<Name>;
}

// Waits for a new generation, does its part, counts itself off. It never returns to its event loop.
const script: HelperScript = (data, isReady) => `
const { control, slots, memory, binary, names, index } = ${data};
const functions = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } }).exports;
let seen = 0;
${isReady};
for (;;) {
  Atomics.wait(control, ${generation}, seen);
  const current = Atomics.load(control, ${generation});
  if (current === seen) continue;
  seen = current;
  const slot = slots.subarray(index * ${slotSize}, (index + 1) * ${slotSize});
  try {
    if (slot[0] >= 0) functions[names[slot[0]]](...slot.subarray(2, 2 + slot[1]));
  } catch {
    Atomics.store(control, ${failed}, 1);
  }
  if (Atomics.sub(control, ${pending}, 1) === 1) Atomics.notify(control, ${pending});
}
`;

/**
 * Starts helpers that share a memory, from a thread that may wait for them (see `whyNoThreads`). They do not keep a process alive.
 *
 * @throws what keeps a helper from starting
 */
export async function startWorkerPool<Name extends string>({
  who,
  threads,
  memory,
  binary,
  functions,
}: WorkerPoolOptions<Name>): Promise<WorkerPool<Name>> {
  const names = Object.keys(functions);
  const helpers = threads - 1;
  const control = new Int32Array(new SharedArrayBuffer(12));
  const slots = new Float64Array(new SharedArrayBuffer(8 * slotSize * helpers));
  const started = await Promise.allSettled(
    Array.from({ length: helpers }, (_, index) => startHelper(script, { control, slots, memory, binary, names, index })),
  );
  const end = (): void => {
    for (const each of started) if (each.status === 'fulfilled') each.value.end();
  };
  const refused = started.find((each) => each.status === 'rejected');
  if (refused) {
    end();
    throw refused.reason;
  }
  return {
    threads,
    end,
    run: (name, calls) => {
      const [own, ...others] = calls;
      for (let index = 0; index < helpers; index++) {
        const values = others[index];
        const slot = slots.subarray(index * slotSize, (index + 1) * slotSize);
        slot[0] = values ? names.indexOf(name) : -1;
        slot[1] = values?.length ?? 0;
        if (values) slot.set(values, 2);
      }
      Atomics.store(control, failed, 0);
      Atomics.store(control, pending, helpers);
      Atomics.add(control, generation, 1);
      Atomics.notify(control, generation);
      try {
        if (own) functions[name](...own);
      } finally {
        for (let left = Atomics.load(control, pending); left > 0; left = Atomics.load(control, pending))
          Atomics.wait(control, pending, left);
      }
      if (Atomics.load(control, failed) !== 0) throw new Error(`${who}: ${name} failed on a helper thread.`);
    },
  };
}
