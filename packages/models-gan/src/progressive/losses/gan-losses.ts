import * as tf from '@tensorflow/tfjs-core';
import type { NetworkConfig } from '../config.js';
import { ArgumentError } from '../../errors.js';
import { critic, type CriticOutputs } from '../network/critic.js';
import { generator } from '../network/generator.js';
import { canvasBoxArea, type Growth } from '../network/stage-shape.js';
import { tensorGraph, type Weights } from '../network/tensor-graph.js';
import { gradientPenalty, mixImages } from '../../gan/gradient-penalty.js';
import type { LossConfig } from '../../gan/loss-config.js';
import { pitchLoss } from '../../gan/pitch-loss.js';

/** Two networks at one state of growth. `weights` holds the variables of both. */
export interface Networks {
  readonly config: NetworkConfig;
  readonly growth: Growth;
  readonly weights: Weights;
}

/** What the generator is trained on. */
export interface GeneratorBatch {
  /** z, [batch, latentSize] */
  readonly latent: tf.Tensor2D;
  /** one-hot, [batch, pitches] */
  readonly pitch: tf.Tensor2D;
  /** One-hot, [batch, instruments]: those that z chooses. Only for a network with instruments. */
  readonly instrument?: tf.Tensor2D | null;
  /** Real images of the same pitches and instruments, un-normalised, of the canvas size. Only with an `l1Weight`. */
  readonly real?: tf.Tensor4D | null;
}

export interface CriticBatch {
  /** Un-normalised images of the canvas size, already blended: [batch, height, width, channels]. */
  readonly real: tf.Tensor4D;
  readonly realPitch: tf.Tensor2D;
  readonly generated: tf.Tensor4D;
  /** Pitches the generated images were asked for; only a critic with conditioning planes looks at them. */
  readonly generatedPitch: tf.Tensor2D;
  /** Of real and generated images alike, one-hot [batch, instruments]. Only for a network with instruments. */
  readonly instrument?: tf.Tensor2D | null;
  /** Where between real and generated the slope is taken: [batch] in [0, 1). */
  readonly mixing: tf.Tensor1D;
}

/** The generator's loss and its parts, unweighted. */
export interface GeneratorTerms {
  /** -mean(score) + generatorPitchWeight * pitch + l1Weight * l1 */
  readonly total: tf.Scalar;
  readonly wasserstein: tf.Scalar;
  readonly pitch: tf.Scalar;
  /** Only with an `l1Weight`. */
  readonly l1?: tf.Scalar;
}

/** The generator's loss without a critic, and its part, unweighted. */
export interface GeneratorTermsAlone {
  /** l1Weight * l1 */
  readonly total: tf.Scalar;
  readonly l1: tf.Scalar;
}

/** The critic's loss and its parts, unweighted. */
export interface CriticTerms {
  /** mean(score of generated) - mean(score of real) + weighted penalty, drift and pitch */
  readonly total: tf.Scalar;
  /** mean(score of generated) - mean(score of real): minus the estimated distance of the two distributions */
  readonly wasserstein: tf.Scalar;
  readonly penalty: tf.Scalar;
  readonly drift: tf.Scalar;
  /** Cross-entropy on real images; generated ones do not count. */
  readonly pitch: tf.Scalar;
}

/** A generator's batch and what the networks make of it. */
export interface GeneratorPass extends GeneratorBatch {
  readonly networks: Networks;
  /** Un-normalised, of the canvas size. */
  readonly images: tf.Tensor4D;
  /** [batch, 1] */
  readonly score: tf.Tensor2D;
  /** [batch, pitches] */
  readonly logits: tf.Tensor2D;
}

/** A critic's batch and what it makes of it. */
export interface CriticPass extends CriticBatch {
  readonly networks: Networks;
  readonly onGenerated: CriticOutputs<tf.Tensor2D>;
  readonly onReal: CriticOutputs<tf.Tensor2D>;
}

/** Generated images, un-normalised, of the canvas size. */
export function generateImages({ config, growth, weights }: Networks, { latent, pitch }: GeneratorBatch): tf.Tensor4D {
  return tf.tidy(() => generator(tensorGraph(weights), config, growth, { latent, pitch })) as tf.Tensor4D;
}

const judge = (
  { config, growth, weights }: Networks,
  image: tf.Tensor4D,
  pitch: tf.Tensor2D,
  instrument: tf.Tensor2D | null = null,
): CriticOutputs<tf.Tensor2D> =>
  critic<tf.Tensor>(tensorGraph(weights), config, growth, { image, pitch, instrument }) as CriticOutputs<tf.Tensor2D>;

/** What both networks make of a generator's batch. */
export function generatorPass(networks: Networks, batch: GeneratorBatch): GeneratorPass {
  const images = generateImages(networks, batch);
  return { ...batch, networks, images, ...judge(networks, images, batch.pitch, batch.instrument) };
}

/** What the critic makes of its batch. */
export function criticPass(networks: Networks, batch: CriticBatch): CriticPass {
  const onGenerated = judge(networks, batch.generated, batch.generatedPitch, batch.instrument);
  const onReal = judge(networks, batch.real, batch.realPitch, batch.instrument);
  return { ...batch, networks, onGenerated, onReal };
}

/** The loss of the generator on a batch. */
export const generatorTerms = (networks: Networks, batch: GeneratorBatch, losses: LossConfig): GeneratorTerms =>
  generatorLoss(generatorPass(networks, batch), losses);

/** The loss of the critic on a batch. */
export const criticTerms = (networks: Networks, batch: CriticBatch, losses: LossConfig): CriticTerms =>
  criticLoss(criticPass(networks, batch), losses);

/** @see `generator_loss` in Engel et al. 2019, appendix A, and TF-GAN's `wasserstein_generator_loss` */
export function generatorLoss({ networks, images, score, logits, ...batch }: GeneratorPass, losses: LossConfig): GeneratorTerms {
  const wasserstein: tf.Scalar = tf.neg(tf.mean<tf.Scalar>(score));
  const pitch = pitchLoss(batch.pitch, logits);
  const adversarial: tf.Scalar = tf.add(wasserstein, tf.mul(pitch, losses.generatorPitchWeight));
  if (losses.l1Weight === 0) return { total: adversarial, wasserstein, pitch };
  const l1 = meanDifference(networks.config, images, batch.real);
  return { total: tf.add(adversarial, tf.mul(l1, losses.l1Weight)), wasserstein, pitch, l1 };
}

/** The loss of a generator that no critic judges. @throws ArgumentError without an L1 term */
export function generatorTermsAlone(networks: Networks, batch: GeneratorBatch, { l1Weight }: LossConfig): GeneratorTermsAlone {
  if (l1Weight === 0) {
    throw new ArgumentError(
      'generatorTermsAlone',
      'expected an L1 term (l1Weight above 0): nothing else is left to learn from.',
      l1Weight,
    );
  }
  const l1 = meanDifference(networks.config, generateImages(networks, batch), batch.real);
  return { total: tf.mul(l1, l1Weight), l1 };
}

/** Mean absolute difference of generated and real images, in units of the normalised one. */
function meanDifference({ normaliser }: NetworkConfig, images: tf.Tensor4D, real: GeneratorBatch['real']): tf.Scalar {
  if (!real) throw new ArgumentError('generatorTerms', 'expected real images for the L1 term, found none.', real);
  const difference = tf.abs(tf.sub(images, real));
  return tf.mean(normaliser === null ? difference : tf.mul(difference, tf.abs(tf.tensor2d(normaliser.scale as number[][]))));
}

/** How much an un-normalised image changes with one unit of the normalised one; nothing where slopes are measured without. */
function unitsOf({ normaliser }: NetworkConfig, { penaltyUnits }: LossConfig): tf.Tensor | undefined {
  if (penaltyUnits === 'image' || normaliser === null) return undefined;
  return tf.tensor2d(normaliser.scale.map((row) => row.map((scale) => 1 / scale)));
}

/** @see TF-GAN's `wasserstein_discriminator_loss`; Karras et al. 2018, appendix A.1 (drift) */
export function criticLoss({ networks, onGenerated, onReal, ...batch }: CriticPass, losses: LossConfig): CriticTerms {
  const wasserstein: tf.Scalar = tf.sub(tf.mean(onGenerated.score), tf.mean(onReal.score));
  const drift: tf.Scalar = tf.mean(tf.square(onReal.score));
  const pitch = pitchLoss(batch.realPitch, onReal.logits);
  const penalty =
    losses.penaltyWeight === 0
      ? tf.scalar(0)
      : gradientPenalty(
          (images) => judge(networks, images, batch.realPitch, batch.instrument).score,
          mixImages(batch.real, batch.generated, batch.mixing),
          losses,
          canvasBoxArea(networks.config, networks.growth),
          unitsOf(networks.config, losses),
        );
  const weighted = [
    wasserstein,
    tf.mul(penalty, losses.penaltyWeight),
    tf.mul(drift, losses.driftWeight),
    tf.mul(pitch, losses.criticPitchWeight),
  ];
  return { total: weighted.reduce((sum, term) => tf.add(sum, term)) as tf.Scalar, wasserstein, penalty, drift, pitch };
}
