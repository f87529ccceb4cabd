import { breathe } from '@gansynth/common/breathe';
import { MemoryError } from '../errors.js';
import type { WaveNetModel } from '../model/wavenet-model.js';
import type { SamplingEngine } from './engine.js';
import { noiseSize } from './noise.js';
import { queueEngine, type QueueEngineOptions } from './queue-engine.js';
import { tensorEngine } from './tensor-engine.js';
import { trialSteps } from './thread-trial.js';

/** Steps of each engine that are timed at a time, by turns. */
const piece = 4;
/** Of which the first does not count, and the fastest of the others does. */
const pieces = 4;

/**
 * The faster of the two engines, found out by drawing with both: compiled queues share each weight among eight notes, but a backend may have wider vectors or
 * a GPU. Events are let through after some steps.
 *
 * @throws the signal's reason when aborted; MemoryError if neither finds room
 */
export async function fastestEngine(model: WaveNetModel, notes: number, options: QueueEngineOptions): Promise<SamplingEngine> {
  const queues = await queueEngine(model, notes, options).catch((error: unknown) => {
    if (error instanceof MemoryError) return null;
    throw error;
  });
  if (queues === null) return tensorEngine(model, notes);
  let tensors: SamplingEngine | undefined;
  const noise = new Float32Array(piece * notes * noiseSize(model.config.output)).fill(0.5);
  const timed = async (engine: SamplingEngine): Promise<number> => {
    await breathe(options.signal);
    const began = performance.now();
    await engine.draw(piece, noise);
    return performance.now() - began;
  };
  try {
    tensors = tensorEngine(model, notes);
    // First they find out whether threads are faster.
    for (let done = 0; queues.threads > 1 && done < trialSteps; done += piece) await timed(queues);
    const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let turn = 0; turn < pieces; turn++)
      for (const [index, engine] of [queues, tensors].entries()) {
        const took = await timed(engine);
        if (turn > 0) best[index] = Math.min(best[index]!, took);
      }
    const [faster, slower] = best[1]! < best[0]! ? [tensors, queues] : [queues, tensors];
    slower.dispose();
    faster.reset();
    return faster;
  } catch (error) {
    queues.dispose();
    tensors?.dispose();
    throw error;
  }
}
