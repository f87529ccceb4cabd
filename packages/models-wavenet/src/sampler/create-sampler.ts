import type { OptionNames } from '@gansynth/common/check-options';
import { processors, whyNoThreads } from '@gansynth/common/workers';
import { checkOptions } from '../check-options.js';
import { ArgumentError } from '../errors.js';
import type { WaveNetModel } from '../model/wavenet-model.js';
import { checkPrecision, type Precision } from './precision.js';
import { queueEngine } from './queue-engine.js';
import { Sampler } from './sampler.js';
import { tensorEngine } from './tensor-engine.js';

export interface SamplerOptions {
  /** Notes sampled at a time, at most. Default 1. */
  readonly batch?: number;
  /**
   * `queues` (default): compiled to WebAssembly, with a memory of its own, wherever there is WebAssembly with SIMD. `tensors`: tensor operations on
   * the backend that is set; slow, and the reference.
   */
  readonly engine?: 'queues' | 'tensors';
  /**
   * Threads, of which there is at most one for every processor. More than eight notes are dealt out among them, eight to a thread or more; fewer are computed
   * together, each thread its share of every layer, which is good for wide networks on processors that have nothing else to do. Where
   * several turn out no faster in the first hundred steps, one goes on alone, as where there are none to be had: in a page (other than in its
   * workers, and those only if it is cross-origin isolated). Default: as many as there are for more than eight notes, else 1.
   */
  readonly threads?: number;
  /**
   * Of the weights in the sampler's memory. Default `float32`: what is drawn is what the network as it was trained expects. `bfloat16` and `int8` read
   * a half and a quarter as many bytes, and change what is drawn. For `queues` alone.
   */
  readonly precision?: Precision;
  /** Ends the packing of the weights. */
  readonly signal?: AbortSignal;
}

/** Their names, each once. */
export const samplerOptionNames: OptionNames<SamplerOptions> = {
  batch: true,
  engine: true,
  threads: true,
  precision: true,
  signal: true,
};

/**
 * Makes ready to draw notes of a model: packs its weights, which takes as long as about two hundred samples of one note.
 * Events are let through after each layer.
 *
 * @param model stays the caller's; later changes of its weights are not noticed
 * @throws MemoryError if the batch does not fit, with the arithmetic; the signal's reason when aborted
 */
export async function createSampler(model: WaveNetModel, options: SamplerOptions = {}): Promise<Sampler> {
  checkOptions('createSampler', options, samplerOptionNames);
  const { batch = 1, engine = 'queues', precision = 'float32', signal } = options;
  const { threads = batch > 8 ? processors() : 1 } = options;
  if (!model.hasDecoder)
    throw new ArgumentError('createSampler', 'expected a model with a decoder, found an encoder alone.', model);
  if (!Number.isInteger(batch) || batch < 1 || batch > 65_536)
    throw new ArgumentError('createSampler', `expected a batch of 1 to 65536 notes, found ${batch}.`, batch);
  if (engine !== 'queues' && engine !== 'tensors')
    throw new ArgumentError('createSampler', `expected engine queues or tensors, found ${String(engine)}.`, engine);
  if (!Number.isInteger(threads) || threads < 1)
    throw new ArgumentError('createSampler', `expected a whole number of 1 or more threads, found ${threads}.`, threads);
  checkPrecision('createSampler', precision);
  if (engine === 'tensors' && precision !== 'float32')
    throw new ArgumentError(
      'createSampler',
      `expected precision float32 for the engine of tensor operations, found ${precision}. Leave out one of the two.`,
      precision,
    );
  if (engine === 'tensors') return new Sampler(model, tensorEngine(model, batch), batch);
  const atMost = whyNoThreads() === null ? Math.min(threads, processors()) : 1;
  return new Sampler(model, await queueEngine(model, batch, { threads: atMost, precision, signal }), batch);
}
