import * as tf from '@tensorflow/tfjs-core';
import type { NetworkConfig } from '../config.js';
import { criticTerms, generateImages, generatorTerms, type Networks } from '../losses/gan-losses.js';
import type { LossConfig } from '../losses/loss-config.js';
import { oneHotLabels } from '../losses/pitch-loss.js';
import { blendImages } from '../network/blend-images.js';
import type { Growth } from '../network/stage-shape.js';
import { latentInstrument, latentWithInstrument } from '../sampler/instruments.js';
import type { AveragedWeights } from './averaged-weights.js';
import type { StepLosses } from './events.js';
import type { ImageBatch } from './image-source.js';
import { chunks, lossGradients, type Chunk, type LossGradients } from './loss-gradients.js';
import type { TrainableNetwork } from './trainable-network.js';

/** Both networks, and the average of the generator. */
export interface Players {
  readonly generator: TrainableNetwork;
  readonly critic: TrainableNetwork;
  readonly average: AveragedWeights;
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
  /** Called with each network's losses before they are acted on; throws to refuse the step. */
  check(network: 'generator' | 'critic', found: LossGradients<string>): void;
}

export interface IterationResult {
  readonly losses: StepLosses;
  readonly gradientNorms: { readonly generator: number; readonly critic: number };
}

/**
 * One iteration as the original makes it: update the generator, update its average, update the critic, each on latents of its own. If
 * anything fails, all weights and moments are what they were.
 */
export async function iterate(
  players: Players,
  settings: IterationSettings,
  draws: Draws,
  batch: ImageBatch,
): Promise<IterationResult> {
  const held = [players.generator.remember(), players.critic.remember(), players.average.remember()];
  try {
    const ofGenerator = await updateGenerator(players, settings, draws, batch);
    players.average.update(players.generator);
    const ofCritic = await updateCritic(players, settings, draws, batch);
    for (const values of held) values.forget();
    return {
      losses: {
        generator: ofGenerator.terms.total,
        generatorWasserstein: ofGenerator.terms.wasserstein,
        generatorPitch: ofGenerator.terms.pitch,
        ...(ofGenerator.terms.l1 === undefined ? {} : { generatorL1: ofGenerator.terms.l1 }),
        critic: ofCritic.terms.total,
        criticWasserstein: ofCritic.terms.wasserstein,
        criticPitch: ofCritic.terms.pitch,
        penalty: ofCritic.terms.penalty,
        drift: ofCritic.terms.drift,
      },
      gradientNorms: { generator: ofGenerator.gradientNorm, critic: ofCritic.gradientNorm },
    };
  } catch (error) {
    for (const values of held) values.restore();
    throw error;
  }
}

const networksOf = ({ generator, critic }: Players, { network, growth }: IterationSettings): Networks => ({
  config: network,
  growth,
  weights: { ...generator.weights, ...critic.weights },
});

async function updateGenerator(
  players: Players,
  settings: IterationSettings,
  { generatorLatents, generatorLabels }: Draws,
  batch: ImageBatch,
): Promise<LossGradients<'wasserstein' | 'pitch'> & { readonly terms: { readonly l1?: number } }> {
  const { network, growth, losses, microBatchSize } = settings;
  const networks = networksOf(players, settings);
  const parts = chunks(generatorLabels.length, microBatchSize);
  // Images are compared with real ones only where they are asked to be of the same label.
  const compared = losses.l1Weight > 0;
  const labels = compared ? batch.labels : generatorLabels;
  const latents = compared ? choosing(network, generatorLatents, batch.instruments) : generatorLatents;
  const found = await lossGradients<'wasserstein' | 'pitch'>(players.generator.variables, parts, (chunk) => ({
    ...generatorTerms(
      networks,
      { ...requests(network, latents, labels, chunk), real: compared ? realImages(network, growth, batch, chunk) : null },
      losses,
    ),
  }));
  apply('generator', players.generator, settings, found);
  return found;
}

async function updateCritic(
  players: Players,
  settings: IterationSettings,
  { criticLatents, criticLabels, mixing }: Draws,
  batch: ImageBatch,
): Promise<LossGradients<'wasserstein' | 'penalty' | 'drift' | 'pitch'>> {
  const { network, growth, losses, microBatchSize } = settings;
  const { labels } = batch;
  const networks = networksOf(players, settings);
  // A critic that is told the pitch, or the instrument, compares, and is penalised between, images of the same pitch and instrument.
  const asked = conditionsCritic(network) ? labels : criticLabels;
  const latents = choosing(network, criticLatents, batch.instruments);
  const found = await lossGradients<'wasserstein' | 'penalty' | 'drift' | 'pitch'>(
    players.critic.variables,
    chunks(labels.length, microBatchSize),
    (chunk) => {
      const { start, size } = chunk;
      const request = requests(network, latents, asked, chunk);
      const terms = criticTerms(
        networks,
        {
          real: realImages(network, growth, batch, chunk),
          realPitch: oneHotLabels(labels.slice(start, start + size), network.pitches.length),
          generated: generateImages(networks, request),
          generatedPitch: request.pitch,
          instrument: request.instrument,
          mixing: tf.tensor1d(mixing.slice(start, start + size)),
        },
        losses,
      );
      return { ...terms };
    },
  );
  apply('critic', players.critic, settings, found);
  return found;
}

const conditionsCritic = ({ conditioning, instruments }: NetworkConfig): boolean =>
  (conditioning?.critic.length ?? 0) > 0 || instruments.length > 0;

/** Real images of a chunk, blended as the generated ones are. */
const realImages = (network: NetworkConfig, growth: Growth, { images }: ImageBatch, { start, size }: Chunk): tf.Tensor4D =>
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

/** Latents, pitches and chosen instruments of a chunk as tensors. */
function requests(
  network: NetworkConfig,
  latents: Float32Array,
  labels: Int32Array,
  { start, size }: Chunk,
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

function apply(
  name: 'generator' | 'critic',
  network: TrainableNetwork,
  settings: IterationSettings,
  found: LossGradients<string>,
): void {
  try {
    settings.check(name, found);
    network.update(found.gradients);
  } finally {
    tf.dispose(found.gradients.filter((gradient) => gradient !== null));
  }
}
