import type { NetworkConfig } from '../progressive/config.js';
import { ArgumentError } from '../errors.js';
import type { NoteDynamics } from '@gansynth/model-files';
import type { Latent } from './latents.js';

type Choices = Pick<NetworkConfig, 'instruments' | 'attributes' | 'latentSize'>;

/**
 * The same latent with an attribute at one of its levels: the value of z that decides the attribute is squeezed into the level's share of the
 * normal distribution. Of latents drawn at random, and of levels that are equally frequent, these are again random ones, so that every value a
 * draw can give has a meaning, and between two levels lies what is between them.
 *
 * @param network one with attributes
 * @param name of the attribute
 * @param level 0 to its `levels` - 1; need not be whole: 0.5 is half way between the middles of the first two levels' shares
 * @throws ArgumentError for an attribute the network does not have, a level out of range, a latent of another size
 */
export function latentWithAttribute(latent: ArrayLike<number>, network: Choices, name: string, level: number): Latent {
  const { position, levels } = attributeNamed('latentWithAttribute', latent, network, name);
  if (!(level >= 0 && level <= levels - 1)) {
    throw new ArgumentError(
      'latentWithAttribute',
      `expected a level of 0 to ${levels - 1} for "${name}", found ${level}.`,
      level,
    );
  }
  const moved = Float32Array.from(latent);
  moved[position] = normalQuantile((level + normalShare(moved[position] ?? 0)) / levels);
  return moved;
}

/**
 * The level of an attribute that a latent chooses.
 *
 * @param network one with attributes
 * @returns 0 to the attribute's `levels` - 1
 * @throws ArgumentError for an attribute the network does not have, a latent of another size
 */
export function latentAttribute(latent: ArrayLike<number>, network: Choices, name: string): number {
  const { position, levels } = attributeNamed('latentAttribute', latent, network, name);
  return Math.min(levels - 1, Math.floor(levels * normalShare(latent[position] ?? 0)));
}

/**
 * How hard notes of a network are struck, if one of its attributes says so.
 *
 * @returns undefined for a network none of whose attributes has velocities
 */
export function networkDynamics(network: Choices): NoteDynamics | undefined {
  for (const { name, velocities } of network.attributes ?? []) {
    if (velocities === undefined) continue;
    return {
      velocities,
      latentWithVelocity: (latent, velocity) => latentWithAttribute(latent, network, name, levelAt(velocities, velocity)),
    };
  }
  return undefined;
}

/** Where a velocity lies among those of the levels: 0.5 is half way from the first to the second. */
function levelAt(velocities: readonly number[], velocity: number): number {
  if (!(velocity >= 0 && velocity <= 127)) {
    throw new ArgumentError('latentWithVelocity', `expected a MIDI velocity of 0 to 127, found ${velocity}.`, velocity);
  }
  const above = velocities.findIndex((one) => one >= velocity);
  if (above === -1) return velocities.length - 1;
  if (above === 0) return 0;
  const [from, to] = [velocities[above - 1]!, velocities[above]!];
  return above - 1 + (velocity - from) / (to - from);
}

function attributeNamed(
  where: string,
  latent: ArrayLike<number>,
  { instruments, attributes = [], latentSize }: Choices,
  name: string,
): { position: number; levels: number } {
  const index = attributes.findIndex((attribute) => attribute.name === name);
  const found = attributes[index];
  if (found === undefined) {
    const known = attributes.map((attribute) => attribute.name).join(', ') || 'none';
    throw new ArgumentError(where, `expected an attribute of the network (${known}), found "${name}".`, name);
  }
  if (latent.length !== latentSize) {
    throw new ArgumentError(where, `expected a latent of ${latentSize} values, found ${latent.length}.`, latent.length);
  }
  return { position: instruments.length + index, levels: found.levels };
}

/** Values beyond which the share is taken to be 0 or 1. */
const FARTHEST = 6;

/**
 * Share of a standard normal distribution that lies below x, within 7.5e-8.
 *
 * @see Abramowitz & Stegun, "Handbook of Mathematical Functions", 26.2.17
 */
function normalShare(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const above = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
  return x >= 0 ? 1 - above : above;
}

/** Where that share is `share`, by halving: {@link normalShare} rises. */
function normalQuantile(share: number): number {
  let [low, high] = [-FARTHEST, FARTHEST];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
