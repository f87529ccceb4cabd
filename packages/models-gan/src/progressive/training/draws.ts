import { RandomStreams } from '@gansynth/training';
import type { NetworkConfig } from '../config.js';
import { ArgumentError } from '../../errors.js';

/** The random numbers of one iteration. */
export interface Draws {
  /** [batch * latentSize], for the generator's update. */
  readonly generatorLatents: Float32Array;
  /** [batch], pitches as positions in the network's `pitches`; -1 for none, as of a real image whose pitch is not known. */
  readonly generatorLabels: Int32Array;
  /** [batch * latentSize], for the critic's update. */
  readonly criticLatents: Float32Array;
  /** [batch]; a critic that is told the pitch gets images of the real ones' pitches instead. */
  readonly criticLabels: Int32Array;
  /** Where between real and generated images the penalty is taken: [batch] in [0, 1). */
  readonly mixing: Float32Array;
}

const names = ['generator/latent', 'generator/label', 'critic/latent', 'critic/label', 'critic/mixing'] as const;

/** The random streams of a training: a part of it that can be saved. */
export type GanStreams = RandomStreams<(typeof names)[number]>;

export const ganStreams = (seed: number): GanStreams => new RandomStreams(seed, names);

/**
 * The random numbers of one iteration, as the original draws them.
 *
 * @param pitchCounts how often each pitch is asked for; default or null: all alike
 */
export function ganDraws(
  streams: GanStreams,
  batchSize: number,
  { latentSize, pitches }: NetworkConfig,
  pitchCounts?: readonly number[] | null,
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

/** @throws ArgumentError if draws are not those of one batch for this network */
export function checkDraws(draws: Draws, { latentSize, pitches }: NetworkConfig): void {
  const batchSize = draws.mixing.length;
  for (const name of ['generatorLatents', 'criticLatents'] as const) {
    if (draws[name].length === batchSize * latentSize) continue;
    fail(name, `${batchSize * latentSize} values (${batchSize} latents of ${latentSize})`, draws[name].length);
  }
  for (const name of ['generatorLabels', 'criticLabels'] as const) {
    if (draws[name].length !== batchSize) fail(name, `${batchSize} labels, one a latent`, draws[name].length);
    const unknown = draws[name].find((label) => label < -1 || label >= pitches.length);
    if (unknown !== undefined) fail(name, `positions in the network's ${pitches.length} pitches, or -1 for none`, unknown);
  }
}

function fail(name: keyof Draws, expected: string, found: number): never {
  throw new ArgumentError(`draws.${name}`, `expected ${expected}, found ${found}.`, found);
}
