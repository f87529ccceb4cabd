import { imageSize, type NetworkConfig } from '../config.js';
import { product, type Initial, type Shape } from '../operations/operation.js';
import { critic } from './critic.js';
import { generator } from './generator.js';
import { shapeGraph, type Step } from './shape-graph.js';
import { canvasSize, type Growth } from './stage-shape.js';

/** A variable of a network under its full name. */
export interface Variable {
  readonly name: string;
  readonly shape: Shape;
  readonly initial: Initial;
  /** False for given tables (conditioning planes). */
  readonly trainable: boolean;
}

export type NetworkName = 'generator' | 'critic';

/** What a network computes, step by step, without computing it. `progress: null` shows every branch. */
export function networkSteps(network: NetworkName, config: NetworkConfig, growth: Growth): readonly Step[] {
  const graph = shapeGraph();
  const pitch = [config.pitches.length];
  if (network === 'generator') generator(graph, config, growth, { latent: [config.latentSize], pitch });
  else {
    const instrument = config.instruments.length === 0 ? null : [config.instruments.length];
    critic(graph, config, growth, { image: [...canvasSize(config, growth), config.channels], pitch, instrument });
  }
  return graph.steps;
}

/**
 * The variables of a network with `blocks` blocks, in ascending order of name.
 *
 * @param blocks default: all
 */
export function networkVariables(network: NetworkName, config: NetworkConfig, blocks: number = config.blocks): Variable[] {
  return stepVariables(networkSteps(network, config, { blocks, progress: null }));
}

/** The variables that these steps use, in ascending order of name. */
export function stepVariables(steps: readonly Step[]): Variable[] {
  return steps
    .flatMap((step) =>
      step.variables.map(({ name, shape, initial }) => ({
        name: `${step.name}/${name}`,
        shape,
        initial,
        trainable: initial.kind !== 'table',
      })),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Number of trainable values. Paper, high resolution: generator 7,311,246, critic 6,831,230. */
export function parameterCount(network: NetworkName, config: NetworkConfig, blocks: number = config.blocks): number {
  return networkVariables(network, config, blocks)
    .filter(({ trainable }) => trainable)
    .reduce((sum, { shape }) => sum + product(shape), 0);
}

/** Shape of the conditioning table a configuration asks for, or null. */
export function conditioningShape(config: NetworkConfig): readonly [pitches: number, width: number, features: number] | null {
  return config.conditioning === null ? null : [config.pitches.length, imageSize(config)[1], config.conditioning.features];
}
