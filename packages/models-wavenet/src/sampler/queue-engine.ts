import { outputChannels } from '../config/output-config.js';
import { MemoryError } from '../errors.js';
import type { WaveNetModel } from '../model/wavenet-model.js';
import type { SamplingEngine } from './engine.js';
import { plainKernels } from './kernels.generated.js';
import { noiseSize } from './noise.js';
import { queueLayout, type QueueLayout } from './queue-layout.js';
import { planWords, writePlan } from './queue-plan.js';
import { memoryArithmetic, packWeights } from './queue-weights.js';

/** Exports of assembly/; addresses in bytes. */
interface Kernels {
  condition(plan: number): void;
  run(plan: number, time: number, count: number, forced: number): void;
}

const page = 65_536;
/** Steps that are handed to the compiled sampler at a time, at most. */
export const mostSteps = 512;

/**
 * The queue sampler: each layer remembers what it needs of the past and computes one sample at a time, compiled to WebAssembly with a memory of
 * its own. A note gets the same bits alone and in any batch.
 *
 * @param signal ends the packing of the weights
 * @see `magenta/models/nsynth/wavenet/fastgen.py`
 */
export async function queueEngine(model: WaveNetModel, notes: number, signal?: AbortSignal): Promise<SamplingEngine> {
  const { config } = model;
  const layout = queueLayout(config, notes);
  const outputs = outputChannels(config.output);
  const numbers = noiseSize(config.output);
  const noiseBytes = 4 * mostSteps * notes * numbers;
  const valueBytes = 4 * mostSteps * notes;
  // Predictions of as many steps as fit into a few megabytes.
  const recordSteps = Math.max(1, Math.min(mostSteps, Math.floor(2 ** 22 / (4 * notes * outputs))));
  const [noise, values] = [layout.exchange, layout.exchange + noiseBytes];
  const record = values + valueBytes;
  const memory = allocate(record + 4 * recordSteps * notes * outputs, () => memoryArithmetic(config, layout));
  const floats = new Float32Array(memory.buffer);
  const words = new Uint32Array(memory.buffer, layout.plan, planWords.recorded + 1);
  await packWeights(model, layout, floats, signal);
  writePlan(config, layout, memory.buffer);
  words[planWords.noise] = noise;
  words[planWords.values] = values;
  words[planWords.recorded] = outputs;
  const kernels = new WebAssembly.Instance(new WebAssembly.Module(decode(plainKernels)), { env: { memory } })
    .exports as unknown as Kernels;
  let time = 0;

  const reset = (): void => {
    time = 0;
    floats.fill(0, layout.state / 4, layout.exchange / 4);
    for (const part of ['inputs', 'frame', 'x', 'gated', 'skip', 'head'] as const) writeOnes(layout, floats, part);
    kernels.condition(layout.plan);
  };
  reset();

  return {
    reset,
    condition: (frames) => {
      const { channels, lanes, parts } = layout;
      for (let note = 0; note < notes; note++) {
        const at = tileOf(layout, note) + parts.frame.address / 4 + (note % lanes);
        for (let channel = 0; channel < channels; channel++) floats[at + channel * lanes] = frames[note * channels + channel]!;
      }
      kernels.condition(layout.plan);
    },
    draw: async (count, randoms) => {
      const drawn = new Float32Array(count * notes);
      for (let done = 0; done < count;) {
        const steps = Math.min(mostSteps, count - done);
        floats.set(randoms.subarray(done * notes * numbers, (done + steps) * notes * numbers), noise / 4);
        words[planWords.record] = 0;
        kernels.run(layout.plan, time, steps, 0);
        drawn.set(floats.subarray(values / 4, values / 4 + steps * notes), done * notes);
        time += steps;
        done += steps;
      }
      return drawn;
    },
    force: async (count, given) => {
      const expected = new Float32Array(count * notes * outputs);
      for (let done = 0; done < count;) {
        const steps = Math.min(recordSteps, count - done);
        floats.set(given.subarray(done * notes, (done + steps) * notes), values / 4);
        words[planWords.record] = record;
        kernels.run(layout.plan, time, steps, 1);
        expected.set(floats.subarray(record / 4, record / 4 + steps * notes * outputs), done * notes * outputs);
        time += steps;
        done += steps;
      }
      return expected;
    },
    // Its memory goes with it.
    dispose: () => {},
  };
}

/** Offset of a note's tile, in floats. */
const tileOf = ({ lanes, tileBytes }: QueueLayout, note: number): number => (Math.floor(note / lanes) * tileBytes) / 4;

/** The last row of a part, by which biases are multiplied. */
function writeOnes(layout: QueueLayout, floats: Float32Array, part: 'inputs' | 'frame' | 'x' | 'gated' | 'skip' | 'head'): void {
  const { address, rows } = layout.parts[part];
  for (let tile = 0; tile < layout.tiles; tile++) {
    const at = (tile * layout.tileBytes + address) / 4 + (rows - 1) * layout.lanes;
    floats.fill(1, at, at + layout.lanes);
  }
}

/** @throws MemoryError with the arithmetic */
function allocate(bytes: number, arithmetic: () => string): WebAssembly.Memory {
  const pages = Math.ceil(bytes / page);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (error) {
    throw new MemoryError(
      `expected room for ${Math.ceil(bytes / 1e6)} MB (of at most 4,295): ${arithmetic()}; found none. Sample fewer notes at a time.`,
      bytes,
      { cause: error },
    );
  }
}

const decode = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
