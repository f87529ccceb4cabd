import {
  updateParameters,
  type AveragedParameters,
  type MicroBatch,
  type StepContext,
  type TrainableParameters,
  type Update,
} from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkConfig } from '../config.js';
import {
  criticTerms,
  generateImages,
  generatorTerms,
  type CriticTerms,
  type GeneratorTerms,
  type Networks,
} from '../losses/gan-losses.js';
import type { LossConfig } from '../losses/loss-config.js';
import { oneHotLabels } from '../losses/pitch-loss.js';
import { blendImages } from '../network/blend-images.js';
import type { Growth } from '../network/stage-shape.js';
import { latentInstrument, latentWithInstrument } from '../sampler/instruments.js';
import type { ImageBatch } from './image-source.js';
import { stepLosses, type GradientNorms, type StepLosses } from './step-losses.js';

/** Both networks, and the average of the generator. */
export interface Players {
  readonly generator: TrainableParameters;
  readonly critic: TrainableParameters;
  readonly average: AveragedParameters;
}

/** The random numbers of one iteration. */
export interface Draws {
  /** [batch * latentSize], for the generator's update. */
  readonly generatorLatents: Float32Array;
  readonly generatorLabels: Int32Array;
  /** [batch * latentSize], for the critic's update. */
  readonly criticLatents: Float32Array;
  readonly criticLabels: Int32Array;
  /** [batch] in [0, 1). */
  readonly mixing: Float32Array;
}

export interface IterationSettings {
  readonly network: NetworkConfig;
  readonly growth: Growth;
  readonly losses: LossConfig;
  readonly microBatchSize: number | null;
}

export interface IterationResult {
  readonly losses: StepLosses;
  readonly gradientNorms: GradientNorms;
}

/** One iteration as the original makes it: update the generator, update its average, update the critic, each on latents of its own. */
export async function iterate(
  players: Players,
  settings: IterationSettings,
  draws: Draws,
  batch: ImageBatch,
  context: StepContext,
): Promise<IterationResult> {
  const generator = await updateGenerator(players, settings, draws, batch, context);
  players.average.update();
  const critic = await updateCritic(players, settings, draws, batch, context);
  return {
    losses: stepLosses(generator.losses, critic.losses),
    gradientNorms: { generator: generator.gradientNorm, critic: critic.gradientNorm },
  };
}

const networksOf = ({ generator, critic }: Players, { network, growth }: IterationSettings): Networks => ({
  config: network,
  growth,
  weights: { ...generator.weights, ...critic.weights },
});

function updateGenerator(
  players: Players,
  settings: IterationSettings,
  { generatorLatents, generatorLabels }: Draws,
  batch: ImageBatch,
  context: StepContext,
): Promise<Update<GeneratorTerms>> {
  const { network, growth, losses, microBatchSize } = settings;
  const networks = networksOf(players, settings);
  // Images are compared with real ones only where they are asked to be of the same label.
  const compared = losses.l1Weight > 0;
  const labels = compared ? batch.labels : generatorLabels;
  const latents = compared ? choosing(network, generatorLatents, batch.instruments) : generatorLatents;
  const options = { name: 'generator', batchSize: labels.length, microBatchSize };
  return updateParameters(players.generator, options, context, (part) =>
    generatorTerms(
      networks,
      { ...requests(network, latents, labels, part), real: compared ? realImages(network, growth, batch, part) : null },
      losses,
    ),
  );
}

function updateCritic(
  players: Players,
  settings: IterationSettings,
  { criticLatents, criticLabels, mixing }: Draws,
  batch: ImageBatch,
  context: StepContext,
): Promise<Update<CriticTerms>> {
  const { network, growth, losses, microBatchSize } = settings;
  const { labels } = batch;
  const networks = networksOf(players, settings);
  // A critic that is told the pitch, or the instrument, compares, and is penalised between, images of the same pitch and instrument.
  const asked = conditionsCritic(network) ? labels : criticLabels;
  const latents = choosing(network, criticLatents, batch.instruments);
  const options = { name: 'critic', batchSize: labels.length, microBatchSize };
  return updateParameters(players.critic, options, context, (part) => {
    const { start, size } = part;
    const request = requests(network, latents, asked, part);
    return criticTerms(
      networks,
      {
        real: realImages(network, growth, batch, part),
        realPitch: oneHotLabels(labels.slice(start, start + size), network.pitches.length),
        generated: generateImages(networks, request),
        generatedPitch: request.pitch,
        instrument: request.instrument,
        mixing: tf.tensor1d(mixing.slice(start, start + size)),
      },
      losses,
    );
  });
}

const conditionsCritic = ({ conditioning, instruments }: NetworkConfig): boolean =>
  (conditioning?.critic.length ?? 0) > 0 || instruments.length > 0;

/** Real images of a micro-batch, blended as the generated ones are. */
const realImages = (network: NetworkConfig, growth: Growth, { images }: ImageBatch, { start, size }: MicroBatch): tf.Tensor4D =>
  blendImages(network, growth, tf.slice(images, [start, 0, 0, 0], [size, -1, -1, -1]));

/** The same latents, each with its votes exchanged so that it chooses the instrument asked for, if any is. */
function choosing(network: NetworkConfig, latents: Float32Array, instruments: Int32Array | undefined): Float32Array {
  const { latentSize } = network;
  if (network.instruments.length === 0 || instruments === undefined) return latents;
  const chosen = new Float32Array(latents.length);
  for (const [i, instrument] of instruments.entries()) {
    const latent = latents.subarray(i * latentSize, (i + 1) * latentSize);
    chosen.set(latentWithInstrument(latent, network, instrument), i * latentSize);
  }
  return chosen;
}

/** Latents, pitches and chosen instruments of a micro-batch as tensors. */
function requests(
  network: NetworkConfig,
  latents: Float32Array,
  labels: Int32Array,
  { start, size }: MicroBatch,
): { latent: tf.Tensor2D; pitch: tf.Tensor2D; instrument: tf.Tensor2D | null } {
  const { latentSize, pitches, instruments } = network;
  const own = latents.slice(start * latentSize, (start + size) * latentSize);
  const chosen = Int32Array.from({ length: instruments.length === 0 ? 0 : size }, (_, i) =>
    latentInstrument(own.subarray(i * latentSize, (i + 1) * latentSize), network),
  );
  return {
    latent: tf.tensor2d(own, [size, latentSize]),
    pitch: oneHotLabels(labels.slice(start, start + size), pitches.length),
    instrument: instruments.length === 0 ? null : oneHotLabels(chosen, instruments.length),
  };
}
