import { quantise16 } from '../network/decoder-input.js';

/**
 * A code drawn by its probability: the first at which the sum of the softmax reaches the uniform number. The sum is float32, as the
 * original's; where rounding leaves it below the number at the end, the last code is meant (the original then draws a 257th).
 *
 * @param logits of 256 codes, from `offset` on, `stride` apart
 * @param uniform in [0, 1)
 * @returns -128 to 127
 * @see `magenta/models/nsynth/wavenet/fastgen.py`, sample_categorical
 */
export function drawCode(logits: ArrayLike<number>, uniform: number, offset = 0, count = 256): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < count; index++) most = Math.max(most, logits[offset + index]!);
  const exponentials = new Float32Array(count);
  let sum = 0;
  for (let index = 0; index < count; index++) {
    exponentials[index] = Math.exp(logits[offset + index]! - most);
    sum = Math.fround(sum + exponentials[index]!);
  }
  let reached = 0;
  for (let index = 0; index < count; index++) {
    reached = Math.fround(reached + Math.fround(exponentials[index]! / sum));
    if (reached >= uniform) return index - 128;
  }
  return count - 1 - 128;
}

/** Uniform numbers that one draw of a mixture takes: one a logistic to choose it, one for the sample. */
export const drawsOfMixture = (mixtures: number): number => mixtures + 1;

/** Keeps logarithms finite, as the originals. */
const openUniform = (uniform: number): number => Math.min(1 - 1e-5, Math.max(1e-5, uniform));

/** Noise of Gumbel's distribution, by which the largest of logits + noise is drawn in proportion to their softmax. */
export const gumbelNoise = (uniform: number): number => -Math.log(-Math.log(openUniform(uniform)));

/** Noise of the logistic distribution. */
export function logisticNoise(uniform: number): number {
  const open = openUniform(uniform);
  return Math.log(open) - Math.log(1 - open);
}

/**
 * A sample drawn from a mixture of logistics.
 *
 * @param parameters logits, means and log-scales of the logistics, one kind after the other, from `offset` on
 * @param gumbel {@link gumbelNoise} of one uniform number for each logistic
 * @param logistic {@link logisticNoise} of another
 * @param logScaleFloor least log-scale, as in the loss
 * @returns in [-1, 1], not yet quantised
 * @see `r9y9/wavenet_vocoder`, `wavenet_vocoder/mixture.py`, sample_from_discretized_mix_logistic
 */
export function drawLogistics(
  parameters: ArrayLike<number>,
  gumbel: ArrayLike<number>,
  logistic: number,
  logScaleFloor: number,
  offset = 0,
): number {
  const mixtures = gumbel.length;
  let [chosen, best] = [0, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < mixtures; index++) {
    const value = parameters[offset + index]! + gumbel[index]!;
    if (value > best) [chosen, best] = [index, value];
  }
  const mean = parameters[offset + mixtures + chosen]!;
  const logScale = Math.max(logScaleFloor, parameters[offset + 2 * mixtures + chosen]!);
  return Math.max(-1, Math.min(1, mean + Math.exp(logScale) * logistic));
}

/** {@link drawLogistics} as 16-bit audio, which is what the network was trained on. */
export const drawSample16 = (...parameters: Parameters<typeof drawLogistics>): number => quantise16(drawLogistics(...parameters));
