import { outputChannels } from '../config/output-config.js';
import { MemoryError } from '../errors.js';
import type { WaveNetModel } from '../model/wavenet-model.js';
import type { SamplingEngine } from './engine.js';
import { noiseSize } from './noise.js';
import { queueKernels } from './queue-kernels.js';
import type { Precision } from './precision.js';
import { queueLayout, type QueueLayout } from './queue-layout.js';
import { recordOffset, recordWord, threadParts, usefulThreads, wholePart, writePlan } from './queue-plan.js';
import { memoryArithmetic, packWeights } from './queue-weights.js';
import { ThreadTrial } from './thread-trial.js';

export interface QueueEngineOptions {
  /** Default 1. One where more cannot be had, or are not faster. */
  readonly threads?: number;
  /** Of weights. Default `float32`. */
  readonly precision?: Precision;
  /** Ends the packing of the weights. */
  readonly signal?: AbortSignal | undefined;
  /** Finds out whether several threads are faster. Default: a new one. `null`: they are taken even where they are slower. */
  readonly trial?: ThreadTrial | null;
}

const page = 65_536;
/** Steps that are handed to the compiled sampler at a time, at most. */
export const mostSteps = 512;

/**
 * The queue sampler: each layer remembers what it needs of the past and computes one sample at a time, compiled to WebAssembly with a memory of
 * its own. A note gets the same bits alone and in any batch, on any number of threads.
 *
 * @see `magenta/models/nsynth/wavenet/fastgen.py`
 */
export async function queueEngine(
  model: WaveNetModel,
  notes: number,
  { threads: wanted = 1, precision = 'float32', signal, trial = new ThreadTrial() }: QueueEngineOptions = {},
): Promise<SamplingEngine> {
  const { config } = model;
  const threads = Math.max(1, usefulThreads(queueLayout(config, notes, { precision }), wanted));
  const layout = queueLayout(config, notes, { precision, threads });
  const outputs = outputChannels(config.output);
  const numbers = noiseSize(config.output);
  const noiseBytes = 4 * mostSteps * notes * numbers;
  const valueBytes = 4 * mostSteps * notes;
  // Predictions of as many steps as fit into a few megabytes.
  const recordSteps = Math.max(1, Math.min(mostSteps, Math.floor(2 ** 22 / (4 * notes * outputs))));
  const [noise, values] = [layout.exchange, layout.exchange + noiseBytes];
  const record = values + valueBytes;
  const bytes = record + 4 * recordSteps * notes * outputs;
  const memory = allocate(bytes, threads > 1, () => memoryArithmetic(config, layout));
  const floats = new Float32Array(memory.buffer);
  const words = new Uint32Array(memory.buffer);
  await packWeights(model, layout, memory.buffer, signal);
  const plans = [wholePart(layout), ...threadParts(layout, threads)].map((part, index) => ({
    part,
    at: layout.plan + index * layout.planBytes,
  }));
  for (const plan of plans) writePlan(config, layout, memory.buffer, { ...plan, exchange: { noise, values } });
  const kernels = queueKernels(memory);
  let pool = threads > 1 ? await kernels.startPool(threads).catch(() => null) : null;
  let time = 0;

  const endPool = (): void => {
    pool?.end();
    pool = null;
  };
  /** Takes steps, `most` at most. @returns how many */
  const advance = (most: number, isForced: boolean): number => {
    const takeOn = (several: boolean, steps: number): void => {
      const own = [time, steps, isForced ? 1 : 0];
      if (pool && several)
        pool.run(
          'run',
          plans.slice(1).map(({ at }) => [at, ...own]),
        );
      else kernels.functions.run(layout.plan, ...own);
    };
    const steps = pool && trial ? Math.min(most, trial.mostSteps(time)) : most;
    if (pool && trial) trial.take(time, steps, (several) => takeOn(several, steps));
    else takeOn(true, steps);
    if (trial?.isOver && !trial.takesSeveral) endPool();
    time += steps;
    return steps;
  };
  const setRecord = (isRecorded: boolean): void => {
    for (const { at, part } of plans) words[at / 4 + recordWord] = isRecorded ? record + recordOffset(config, layout, part) : 0;
  };

  const reset = (): void => {
    time = 0;
    floats.fill(0, layout.state / 4, layout.exchange / 4);
    kernels.functions.condition(layout.plan);
  };
  reset();

  return {
    name: 'queues',
    get threads() {
      return pool?.threads ?? 1;
    },
    reset,
    condition: (frames) => {
      const { channels, lanes, parts } = layout;
      for (let note = 0; note < notes; note++) {
        const at = tileOf(layout, note) + parts.frame / 4 + (note % lanes);
        for (let channel = 0; channel < channels; channel++) floats[at + channel * lanes] = frames[note * channels + channel]!;
      }
      kernels.functions.condition(layout.plan);
    },
    draw: async (count, randoms) => {
      const drawn = new Float32Array(count * notes);
      setRecord(false);
      for (let done = 0; done < count;) {
        const most = Math.min(mostSteps, count - done);
        floats.set(randoms.subarray(done * notes * numbers, (done + most) * notes * numbers), noise / 4);
        const steps = advance(most, false);
        drawn.set(floats.subarray(values / 4, values / 4 + steps * notes), done * notes);
        done += steps;
      }
      return drawn;
    },
    force: async (count, given) => {
      const expected = new Float32Array(count * notes * outputs);
      setRecord(true);
      for (let done = 0; done < count;) {
        const most = Math.min(recordSteps, count - done);
        floats.set(given.subarray(done * notes, (done + most) * notes), values / 4);
        const steps = advance(most, true);
        expected.set(floats.subarray(record / 4, record / 4 + steps * notes * outputs), done * notes * outputs);
        done += steps;
      }
      return expected;
    },
    // Its memory goes with it.
    dispose: endPool,
  };
}

/** Offset of a note's tile, in floats. */
const tileOf = ({ lanes, tileBytes }: QueueLayout, note: number): number => (Math.floor(note / lanes) * tileBytes) / 4;

/** @throws MemoryError with the arithmetic */
function allocate(bytes: number, shared: boolean, arithmetic: () => string): WebAssembly.Memory {
  const pages = Math.ceil(bytes / page);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch (error) {
    throw new MemoryError(
      `expected room for ${Math.ceil(bytes / 1e6)} MB (of at most 4,295): ${arithmetic()}; found none. Sample fewer notes at a time.`,
      bytes,
      { cause: error },
    );
  }
}
