import { messageOf } from '@gansynth/common/errors';
import type { OptionNames } from '@gansynth/common/check-options';
import { processors, whyNoThreads } from '@gansynth/common/workers';
import { checkOptions } from '../check-options.js';
import * as tf from '@tensorflow/tfjs-core';
import { getThreadsCount, setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { endPool, poolOf, startPool, type WasmBackend } from './memory.js';
import { letWorkersStart } from './node-workers.js';
import { sharingMemory } from './shared-memory.js';

export interface ThreadedWasmOptions {
  /** Threads to use. Default: one for every processor. */
  readonly threads?: number;
  /**
   * Threads of TensorFlow.js' own kernels, in Node. Default 1: their helpers go on spinning on the other processors after every small
   * operation, where this package's kernels want to be; a training step of a small network then takes longer than on one thread. Elsewhere
   * they stay on the thread that calls them.
   */
  readonly stockThreads?: number;
  /** Give up on threads and start without them after this time. Default 20 seconds. */
  readonly timeoutSeconds?: number;
}

/** Their names, each once. */
export const threadedWasmOptionNames: OptionNames<ThreadedWasmOptions> = {
  threads: true,
  stockThreads: true,
  timeoutSeconds: true,
};

export interface ThreadedWasm {
  /** Threads in use; 1 where they could not be had. */
  readonly threads: number;
  /** Why there is only one thread, where that is so. */
  readonly reason?: string;
}

/**
 * Starts the wasm backend on all processors and makes it the current backend: in Node, Deno and Bun, where TensorFlow.js itself never uses
 * threads, and in a worker of a cross-origin isolated page. Where threads cannot be had, as in a page itself, which may not wait for helpers,
 * it starts on one thread and says why. Call it before any other use of the backend.
 *
 * The threads do not keep a process alive.
 *
 * @throws Error if the backend does not start without threads either
 */
export async function startThreadedWasm(options: ThreadedWasmOptions = {}): Promise<ThreadedWasm> {
  checkOptions('startThreadedWasm', options, threadedWasmOptionNames);
  const { threads, stockThreads = 1, timeoutSeconds = 20 } = options;
  if (tf.engine().registry['wasm'] !== undefined) {
    await tf.setBackend('wasm');
    const running = threadsInUse();
    return running > 1
      ? { threads: running }
      : {
          threads: 1,
          reason: 'the wasm backend had already started without threads: call startThreadedWasm before any other use of it',
        };
  }
  const available = processors();
  const wanted = Math.max(1, Math.min(threads ?? available, available));
  const reason =
    wanted === 1
      ? `${available} processor available, ${threads ?? 'all'} asked for`
      : await tryThreads(wanted, stockThreads, timeoutSeconds);
  if (reason === null) return { threads: threadsInUse() };
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await tf.setBackend('wasm')))
    throw new Error(`training/wasm: startThreadedWasm: the wasm backend does not start (${reason})`);
  return { threads: 1, reason };
}

/** Null if the backend now runs on several threads, else the reason why not. */
async function tryThreads(threads: number, stockThreads: number, timeoutSeconds: number): Promise<string | null> {
  const reason = whyNoThreads();
  if (reason !== null) return reason;
  const factory = tf.findBackendFactory('wasm');
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`the threads did not start within ${timeoutSeconds} seconds`), timeoutSeconds * 1000);
  });
  try {
    // What a start changes of its surroundings is put back also where it hangs.
    const start = async (): Promise<boolean | string> => Promise.race([tf.setBackend('wasm'), timeout]);
    const outcome = await (startsStockThreads() ? withStockThreads(threads, stockThreads, start) : withSharedMemory(start));
    if (outcome === true) {
      const backend = tf.backend() as unknown as WasmBackend;
      const pool = startPool(backend, threads).then(() => null);
      const late = await Promise.race([pool, timeout]);
      // Helpers that come later than they are waited for have nothing to do.
      if (late !== null)
        void pool.then(
          () => endPool(backend),
          () => undefined,
        );
      return late ?? (threadsInUse() > 1 ? null : 'the module runs on one thread');
    }
    // A start that hangs must not be taken up again.
    tf.removeBackend('wasm');
    if (factory) tf.registerBackend('wasm', factory, 2);
    return outcome || 'the threaded module does not start here';
  } catch (error) {
    return `preparing the threads failed: ${messageOf(error)}`;
  } finally {
    clearTimeout(timer);
  }
}

/** Node and Bun run the stock module's own threads, once they are helped; Deno does not. */
const startsStockThreads = (): boolean => tf.env().getBool('IS_NODE') && !('Deno' in globalThis);

/** The stock threaded module. */
async function withStockThreads<Outcome>(threads: number, stockThreads: number, start: () => Promise<Outcome>): Promise<Outcome> {
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', true);
  setThreadsCount(Math.min(threads, stockThreads));
  const restore = letWorkersStart(threads);
  try {
    return await start();
  } finally {
    restore();
  }
}

/** The stock module without threads, with a memory that helpers can share. */
async function withSharedMemory<Outcome>(start: () => Promise<Outcome>): Promise<Outcome> {
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  return sharingMemory(start);
}

/** Of the running backend: those of this package's kernels, or of the stock ones. */
function threadsInUse(): number {
  return poolOf(tf.backend() as unknown as WasmBackend)?.threads ?? getThreadsCount();
}
