import type { NetworkConfig } from '../config.js';
import { concatVectors } from '../operations/combine.js';
import { crossedInputs } from '../operations/crossed-inputs.js';
import { instrumentVotes } from '../operations/instrument-votes.js';
import type { Graph } from './graph.js';
import { generatorScope } from './names.js';

/** What a generator is given, as values of a graph. */
export interface GeneratorInputs<T> {
  /** z, [batch, latentSize] */
  readonly latent: T;
  /** one-hot, [batch, pitches]; a row of zeros stands for no pitch */
  readonly pitch: T;
}

/** What its first layer is given, before any pixel norm: [batch, values]. */
export function generatorInput<T>(graph: Graph<T>, config: NetworkConfig, { latent, pitch }: GeneratorInputs<T>): T {
  const { crossed, pitches, attributes = [] } = config;
  const instruments = config.instruments.length;
  if (crossed !== undefined) {
    const settings = {
      instruments,
      levels: attributes.map(({ levels }) => levels),
      crossed: crossed.attributes.map((name) => attributes.findIndex((attribute) => attribute.name === name)),
      pitches: [...pitches],
      anchors: crossed.anchors,
    };
    return graph.apply(crossedInputs, `${generatorScope}/input`, settings, [latent, pitch]);
  }
  const z = instruments === 0 ? latent : graph.apply(instrumentVotes, `${generatorScope}/instruments`, { instruments }, [latent]);
  return graph.apply(concatVectors, `${generatorScope}/input`, {}, [z, pitch]);
}
