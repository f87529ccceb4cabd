import type { OptionNames } from '@gansynth/common/check-options';
import { processors, whyNoThreads } from '@gansynth/common/workers';
import * as tf from '@tensorflow/tfjs-core';
import { checkOptions } from '../check-options.js';
import { ArgumentError } from '../errors.js';
import type { WaveNetModel } from '../model/wavenet-model.js';
import type { EngineName } from './engine.js';
import { fastestEngine } from './fastest-engine.js';
import { checkPrecision, type Precision } from './precision.js';
import { queueEngine } from './queue-engine.js';
import { Sampler } from './sampler.js';
import { tensorEngine } from './tensor-engine.js';

export interface SamplerOptions {
  /** Notes sampled at a time, at most. Default 1. */
  readonly batch?: number;
  /**
   * `queues`: compiled to WebAssembly, with a memory of its own, wherever there is WebAssembly with SIMD. `tensors`: tensor operations on
   * the backend that is set; the reference. `fastest`: the one that turns out faster in some steps of both, which {@link Sampler.engine} tells; until
   * then both take their memory. They round differently, and a note that once drew another sample is another note: only with an engine that is named
   * does a seed give the same note on every machine.
   * Default: `fastest` for more than eight notes with weights of float32 on the tensorflow backend, else `queues`.
   */
  readonly engine?: EngineName | 'fastest';
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
  const { batch = 1, precision = 'float32', signal } = options;
  const { threads = batch > 8 ? processors() : 1, engine = defaultEngine(batch, precision) } = options;
  if (!model.hasDecoder)
    throw new ArgumentError('createSampler', 'expected a model with a decoder, found an encoder alone.', model);
  if (!Number.isInteger(batch) || batch < 1 || batch > 65_536)
    throw new ArgumentError('createSampler', `expected a batch of 1 to 65536 notes, found ${batch}.`, batch);
  if (!engines.includes(engine))
    throw new ArgumentError('createSampler', `expected engine ${engines.join(', ')}, found ${String(engine)}.`, engine);
  if (!Number.isInteger(threads) || threads < 1)
    throw new ArgumentError('createSampler', `expected a whole number of 1 or more threads, found ${threads}.`, threads);
  checkPrecision('createSampler', precision);
  if (engine !== 'queues' && precision !== 'float32')
    throw new ArgumentError(
      'createSampler',
      `expected precision float32 for tensor operations, found ${precision}. Leave out one of the two.`,
      precision,
    );
  if (engine === 'tensors') return new Sampler(model, tensorEngine(model, batch), batch);
  const atMost = whyNoThreads() === null ? Math.min(threads, processors()) : 1;
  const make = engine === 'fastest' ? fastestEngine : queueEngine;
  return new Sampler(model, await make(model, batch, { threads: atMost, precision, signal }), batch);
}

const engines: readonly string[] = ['queues', 'tensors', 'fastest'];

/** TensorFlow's vectors may be wider than those of WebAssembly, which counts where many notes share a weight. */
const defaultEngine = (batch: number, precision: Precision): 'queues' | 'fastest' =>
  batch > 8 && precision === 'float32' && tf.getBackend() === 'tensorflow' ? 'fastest' : 'queues';
