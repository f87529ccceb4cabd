import * as tf from '@tensorflow/tfjs-core';
import { ArgumentError, ConfigError } from '../../errors.js';
import type { CriticPass, GeneratorPass } from './gan-losses.js';

/** A term of one's own in a network's loss. */
export interface OwnTerm<Pass> {
  /** Times which it is added to the total. 0: only reported. */
  readonly weight: number;
  /**
   * The term on one micro-batch: one value, a mean over its examples, unweighted, made of differentiable operations. Tensors made on the
   * way are freed.
   */
  readonly of: (pass: Pass) => tf.Tensor;
}

/** What a term of the generator's loss may be made of. Real images are there to compare with, whatever their labels. */
export interface OwnGeneratorPass extends GeneratorPass {
  /** Real images of the same micro-batch, un-normalised, of the canvas size, blended as the generated ones are. */
  readonly real: tf.Tensor4D;
  /** Their pitches, one-hot, [batch, pitches]. */
  readonly realPitch: tf.Tensor2D;
}

/**
 * Terms of one's own in the losses, by name. The losses of a step then have them too: `brightness` of the generator as `generatorBrightness`.
 */
export interface OwnTerms {
  readonly generator?: Readonly<Record<string, OwnTerm<OwnGeneratorPass>>> | undefined;
  readonly critic?: Readonly<Record<string, OwnTerm<CriticPass>>> | undefined;
}

/** Names of {@link OwnTerms} with their weights, as JSON. */
export type OwnTermWeights = { readonly [Network in keyof OwnTerms]: Readonly<Record<string, number>> };

const taken: ReadonlySet<string> = new Set(['total', 'wasserstein', 'pitch', 'l1', 'penalty', 'drift']);

/** @throws ConfigError naming the first term that cannot be right */
export function checkOwnTerms(own: OwnTerms): void {
  for (const [network, terms] of Object.entries(own)) {
    if (network !== 'generator' && network !== 'critic')
      throw new ConfigError('ownTerms', `expected terms of generator or critic, found "${network}".`, network);
    for (const [name, { weight, of }] of Object.entries<OwnTerm<never>>(terms ?? {})) {
      const field = `ownTerms.${network}.${name}`;
      if (taken.has(name) || !/^[a-z]\w*$/.test(name))
        throw new ConfigError(field, `expected a camelCase name that no other term has, found "${name}".`, name);
      if (!Number.isFinite(weight)) throw new ConfigError(field, `expected a finite weight, found ${weight}.`, weight);
      if (typeof of !== 'function') throw new ConfigError(field, `expected of: (pass) => scalar, found ${typeof of}.`, of);
    }
  }
}

/** Their weights. */
export const ownTermWeights = (own: OwnTerms): OwnTermWeights =>
  Object.fromEntries(
    Object.entries(own)
      .filter(([, terms]) => terms !== undefined)
      .map(([network, terms]) => [
        network,
        Object.fromEntries(Object.entries<OwnTerm<never>>(terms).map(([name, { weight }]) => [name, weight])),
      ]),
  );

/**
 * A loss with terms of one's own: added to the total, and beside the others under their names.
 *
 * @throws ArgumentError if one is no scalar
 */
export function withOwnTerms<Terms extends { readonly total: tf.Scalar }, Pass>(
  terms: Terms,
  own: Readonly<Record<string, OwnTerm<Pass>>> | undefined,
  pass: Pass,
): Terms {
  let { total } = terms;
  const values: Record<string, tf.Scalar> = {};
  for (const [name, { weight, of }] of Object.entries(own ?? {})) {
    const value = of(pass);
    if (!(value instanceof tf.Tensor) || value.size !== 1) {
      const found = value instanceof tf.Tensor ? `[${value.shape}]` : typeof value;
      throw new ArgumentError(
        `own term "${name}"`,
        `expected a scalar, the mean over the examples, found ${found}. Return tf.mean of it.`,
        value,
      );
    }
    const scalar: tf.Scalar = tf.reshape(value, []);
    values[name] = scalar;
    // One that is only reported costs no backward pass, and cannot spoil gradients with what is infinite times 0.
    if (weight !== 0) total = tf.add(total, tf.mul(scalar, weight));
  }
  return { ...terms, ...values, total };
}
