import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { Decoded, Decoder } from './decoder.js';
import type { DecodeResult, DecodeTask } from './decode-worker.js';
import { ArgumentError, BadFileError, BadNoteError, NSynthDataError } from '../errors.js';
import type { StoredFile } from '../files/stored-files.js';

export interface DecodePoolOptions {
  /** Worker threads. Default: as many as there are processors. */
  readonly threads?: number;
  /** The worker's module, for a bundler that moved it. Default: `decode-worker.js` beside this module. */
  readonly script?: URL;
}

/** Their names, each once. */
export const decodePoolOptionNames: OptionNames<DecodePoolOptions> = { threads: true, script: true };

/** Worker threads that read and decode notes; several datasets and loaders may share one pool. */
export interface DecodePool extends Decoder {
  readonly threads: number;
  /** Ends the threads, after what they are at. */
  close(): Promise<void>;
}

/** Notes a thread is given at once: enough to be worth the message, few enough to keep all threads busy with one batch. */
const notesPerTask = 8;

const revive = (result: DecodeResult): Decoded => {
  if (result instanceof Float32Array) return result;
  if ('message' in result) return new NSynthDataError(result.message);
  return result.kind === 'note' ? new BadNoteError(result.fault) : new BadFileError(result.fault);
};

/** Starts a pool for `dataset.batches({ pool })`. Its threads do not keep the process alive. */
export function createDecodePool(options: DecodePoolOptions = {}): DecodePool {
  checkOptions('createDecodePool', options, decodePoolOptionNames);
  const { threads = availableParallelism(), script } = options;
  if (!Number.isSafeInteger(threads) || threads < 1 || threads > 1024)
    throw new ArgumentError(`createDecodePool: expected threads from 1 to 1024, found ${threads}`, threads);
  const name = import.meta.url.endsWith('.ts') ? './decode-worker.ts' : './decode-worker.js';
  const pool = new Piscina<DecodeTask, DecodeResult[]>({
    filename: (script ?? new URL(name, import.meta.url)).href,
    minThreads: threads,
    maxThreads: threads,
    // Waiting for the next batch must not end a thread that the one after needs.
    idleTimeout: 60_000,
  });
  const keys = new WeakMap<readonly StoredFile[], number>();
  let count = 0;
  return {
    threads,
    async decode(files, requests) {
      let key = keys.get(files);
      if (key === undefined) keys.set(files, (key = count++));
      const tasks: DecodeTask[] = [];
      for (let from = 0; from < requests.length; from += notesPerTask)
        tasks.push({ key, files, requests: requests.slice(from, from + notesPerTask) });
      // No signal: an abort would kill the thread in the middle of its work, and a task takes milliseconds.
      const results = await Promise.all(tasks.map((task) => pool.run(task)));
      return results.flat().map(revive);
    },
    close: () => pool.close(),
  };
}
