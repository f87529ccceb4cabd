import { RandomStreams } from '@gansynth/training';
import type { NetworkConfig } from '../config.js';
import type { Draws } from './iteration.js';

const names = ['generator/latent', 'generator/label', 'critic/latent', 'critic/label', 'critic/mixing'] as const;

/** The random streams of a training. */
export type ProgressiveStreams = RandomStreams<(typeof names)[number]>;

export const progressiveStreams = (seed: number): ProgressiveStreams => new RandomStreams(seed, names);

/**
 * The random numbers of one iteration.
 *
 * @param pitchCounts how often each pitch is asked for; null: all alike
 */
export function draw(
  streams: ProgressiveStreams,
  batchSize: number,
  { latentSize, pitches }: NetworkConfig,
  pitchCounts: readonly number[] | null,
): Draws {
  const counts = pitchCounts ?? pitches.map(() => 1);
  return {
    generatorLatents: streams.stream('generator/latent').normalValues(batchSize * latentSize),
    generatorLabels: streams.stream('generator/label').categorical(counts, batchSize),
    criticLatents: streams.stream('critic/latent').normalValues(batchSize * latentSize),
    criticLabels: streams.stream('critic/label').categorical(counts, batchSize),
    mixing: streams.stream('critic/mixing').uniformValues(batchSize),
  };
}
