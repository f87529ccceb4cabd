import type { OptionNames } from '@gansynth/common/check-options';
import { stopGradient } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { checkOptions } from '../check-options.js';
import { ArgumentError } from '../errors.js';

export interface LogisticMixtureOptions {
  /** Least log-scale. Default -7. */
  readonly logScaleFloor?: number;
  /** Half the distance of two levels. Default 2^-16: the 65,536 values of 16-bit audio, from -1 to 1 - 2^-15. */
  readonly halfBin?: number;
  /**
   * Below the first and above the second the outermost levels begin, which take all that lies beyond. Default: half a bin inside the outermost
   * values of 16-bit audio. The originals for images have -0.999 and 0.999, which in 16 bits swallow 33 levels on either side.
   */
  readonly edges?: readonly [number, number];
  /**
   * Levels that a logistic gives less than 1e-5. `exact` (default): the logarithm of their probability, computed without cancellation. `density`:
   * that of the density at their middle times their width, as the originals, whose difference of two rounded sigmoids would be zero there.
   */
  readonly tails?: 'exact' | 'density';
}

/** Their names, each once. */
export const logisticMixtureOptionNames: OptionNames<LogisticMixtureOptions> = {
  logScaleFloor: true,
  halfBin: true,
  edges: true,
  tails: true,
};

const halfBin16 = 2 ** -16;

/**
 * Negative log-likelihoods of samples under mixtures of discretised logistics, in nats; a uniform guess over 65,536 levels costs 11.09.
 *
 * @param parameters [batch, samples, 3 mixtures]: logits, means and log-scales of the logistics, one kind after the other
 * @param target in [-1, 1], [batch, samples]
 * @returns [batch, samples]
 * @throws ArgumentError if the shapes do not fit
 * @see Salimans et al. 2017 (PixelCNN++), section 2.1; `openai/pixel-cnn`, `pixel_cnn_pp/nn.py`
 */
export function logisticMixtureLosses(
  parameters: tf.Tensor3D,
  target: tf.Tensor2D,
  options: LogisticMixtureOptions = {},
): tf.Tensor2D {
  checkOptions('logisticMixtureLosses', options, logisticMixtureOptionNames);
  const { logScaleFloor = -7, halfBin = halfBin16, tails = 'exact' } = options;
  const { edges = [-1 + halfBin16, 1 - 3 * halfBin16] } = options;
  const [batch, samples, channels] = parameters.shape;
  if (channels % 3 !== 0 || target.shape.join() !== [batch, samples].join())
    throw new ArgumentError(
      'logisticMixtureLosses',
      `expected parameters [batch, samples, 3 x mixtures] and targets [batch, samples], found [${parameters.shape}] and [${target.shape}].`,
      parameters.shape,
    );
  const mixtures = channels / 3;
  return tf.tidy(() => {
    const part = (index: number): tf.Tensor3D => tf.slice(parameters, [0, 0, index * mixtures], [batch, samples, mixtures]);
    const logScales = tf.maximum(part(2), logScaleFloor);
    const x = tf.reshape(target, [batch, samples, 1]);
    const centred = tf.sub(x, part(1));
    const sharpness = tf.exp(tf.neg(logScales));
    const upper = tf.mul(sharpness, tf.add(centred, halfBin));
    const lower = tf.mul(sharpness, tf.sub(centred, halfBin));
    const lowest = tf.neg(tf.softplus(tf.neg(upper)));
    const highest = tf.neg(tf.softplus(lower));
    // s(u) - s(l) = s(u) s(-l) (1 - exp(l - u)), and u - l does not depend on x.
    const exact = tf.add(tf.add(lowest, highest), logOneMinusExp(sharpness, logScales, 2 * halfBin));
    const inner = tails === 'exact' ? exact : withDensity(exact, tf.mul(sharpness, centred), logScales, 2 * halfBin);
    const ones = tf.onesLike(inner);
    const inside = tf.where(tf.greater(tf.mul(x, ones), edges[1]), highest, inner);
    const logProbabilities = tf.where(tf.less(tf.mul(x, ones), edges[0]), lowest, inside);
    const logits = part(0);
    return tf.sub<tf.Tensor2D>(logSumExp(logits), logSumExp(tf.add(logits, logProbabilities)));
  });
}

/** ln(1 - exp(-width / scale)), with a derivative that is finite everywhere. */
function logOneMinusExp(sharpness: tf.Tensor, logScales: tf.Tensor, width: number): tf.Tensor {
  const delta = tf.mul(sharpness, width);
  const small = tf.minimum(delta, 0.5);
  const large = tf.maximum(delta, 0.5);
  const square = tf.square(small);
  // ln((1 - exp(-d)) / d) = -d/2 + d^2/24 - d^4/2880 + ...: 1e-7 at 0.5.
  const series = tf.add(tf.mul(small, -0.5), tf.sub(tf.mul(square, 1 / 24), tf.mul(tf.square(square), 1 / 2880)));
  const narrow = tf.add(tf.sub(series, logScales), Math.log(width));
  return tf.where(tf.less(delta, 0.5), narrow, tf.log(tf.sub(1, tf.exp(tf.neg(large)))));
}

/** Where the probability is below 1e-5, the density in the middle of the level times its width. */
function withDensity(exact: tf.Tensor, middle: tf.Tensor, logScales: tf.Tensor, width: number): tf.Tensor {
  const density = tf.add(tf.sub(tf.sub(middle, logScales), tf.mul(tf.softplus(middle), 2)), Math.log(width));
  return tf.where(tf.greater(exact, Math.log(1e-5)), exact, density);
}

/** Over the last axis. */
function logSumExp(x: tf.Tensor): tf.Tensor {
  const most = stopGradient(tf.max(x, -1, true));
  return tf.add(tf.log(tf.sum(tf.exp(tf.sub(x, most)), -1)), tf.squeeze(most, [-1]));
}
