import * as tf from '@tensorflow/tfjs-core';
import type { CriticTerms, GeneratorTerms } from '../progressive/losses/gan-losses.js';
import { gradientPenalty, mixImages } from '../gan/gradient-penalty.js';
import type { LossConfig } from '../gan/loss-config.js';
import { pitchLoss } from '../gan/pitch-loss.js';
import type { Weights } from '../progressive/network/tensor-graph.js';
import type { WaveGanConfig } from './wavegan-config.js';
import { waveGanCritic, waveGanGenerator } from './wavegan-networks.js';

/** Offsets of the phase shuffle in each of the critic's shuffled layers; empty for none. */
export type ShuffleOffsets = ArrayLike<number>;

export interface WaveGanGeneratorBatch {
  /** z, [batch, latentSize] */
  readonly latent: tf.Tensor2D;
  /** one-hot, [batch, pitches] */
  readonly pitch: tf.Tensor2D;
  readonly offsets: ShuffleOffsets;
}

export interface WaveGanCriticBatch {
  /** [batch, samples, 1, channels] in [-1, 1] */
  readonly real: tf.Tensor4D;
  readonly realPitch: tf.Tensor2D;
  readonly generated: tf.Tensor4D;
  /** Where between real and generated the slope is taken: [batch] in [0, 1). */
  readonly mixing: tf.Tensor1D;
  /** The critic is called three times, each time with a shuffle of its own. */
  readonly offsets: { readonly real: ShuffleOffsets; readonly generated: ShuffleOffsets; readonly mixed: ShuffleOffsets };
}

const headLoss = (pitch: tf.Tensor2D, logits: tf.Tensor2D | null): tf.Scalar =>
  logits ? pitchLoss(pitch, logits) : tf.scalar(0);

/** -mean(score), and the weighted pitch cross-entropy of a conditioned network. */
export function waveGanGeneratorTerms(
  weights: Weights,
  config: WaveGanConfig,
  { latent, pitch, offsets }: WaveGanGeneratorBatch,
  losses: LossConfig,
): GeneratorTerms {
  const { score, logits } = waveGanCritic(weights, config, waveGanGenerator(weights, config, latent, pitch), offsets);
  const wasserstein = tf.neg(tf.mean(score)) as tf.Scalar;
  const classes = headLoss(pitch, logits);
  return { total: tf.add(wasserstein, tf.mul(classes, losses.generatorPitchWeight)), wasserstein, pitch: classes };
}

/** WGAN-GP as for the other models of this package. @see `train_wavegan.py` of the original; Gulrajani et al. 2017 */
export function waveGanCriticTerms(
  weights: Weights,
  config: WaveGanConfig,
  { real, realPitch, generated, mixing, offsets }: WaveGanCriticBatch,
  losses: LossConfig,
): CriticTerms {
  const onGenerated = waveGanCritic(weights, config, generated, offsets.generated);
  const onReal = waveGanCritic(weights, config, real, offsets.real);
  const wasserstein: tf.Scalar = tf.sub(tf.mean(onGenerated.score), tf.mean(onReal.score));
  const drift: tf.Scalar = tf.mean(tf.square(onReal.score));
  const pitch = headLoss(realPitch, onReal.logits);
  const penalty =
    losses.penaltyWeight === 0
      ? tf.scalar(0)
      : gradientPenalty(
          (sounds) => waveGanCritic(weights, config, sounds, offsets.mixed).score,
          mixImages(real, generated, mixing),
          losses,
        );
  const weighted = [
    wasserstein,
    tf.mul(penalty, losses.penaltyWeight),
    tf.mul(drift, losses.driftWeight),
    tf.mul(pitch, losses.criticPitchWeight),
  ];
  return { total: weighted.reduce((sum, term) => tf.add(sum, term)) as tf.Scalar, wasserstein, penalty, drift, pitch };
}
