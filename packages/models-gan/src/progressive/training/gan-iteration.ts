import type { OptionNames } from '@gansynth/common/check-options';
import { updateParameters, type MicroBatch, type StepContext, type Update, type UpdateOptions } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { checkOptions } from '../../check-options.js';
import type { NetworkConfig } from '../config.js';
import {
  criticLoss,
  criticPass,
  generateImages,
  generatorLoss,
  generatorPass,
  generatorTerms,
  generatorTermsAlone,
  type CriticTerms,
  type GeneratorTerms,
  type GeneratorTermsAlone,
  type Networks,
} from '../losses/gan-losses.js';
import { lossConfig, type LossConfig } from '../../gan/loss-config.js';
import { checkOwnTerms, withOwnTerms, type OwnTerms } from '../losses/own-terms.js';
import { oneHotLabels } from '../../gan/pitch-loss.js';
import { blendImages } from '../network/blend-images.js';
import { canvasSize, fullyGrown, type Growth } from '../network/stage-shape.js';
import { latentWithAttribute } from '../../sampling/attributes.js';
import { latentInstrument, latentWithInstrument } from '../../sampling/instruments.js';
import type { Latent } from '../../sampling/latents.js';
import { checkBatch } from './check-batch.js';
import { checkDraws, type Draws } from './draws.js';
import type { ImageBatch } from '../../gan/image-source.js';
import type { Players } from './players.js';
import { lossesAlone, stepLosses, type GradientNorms, type StepLosses } from '../../gan/step-losses.js';

/** An iteration: who is updated, and by what. */
export interface GanIterationOptions {
  readonly network: NetworkConfig;
  /** Default: all blocks, no transition. */
  readonly growth?: Growth;
  readonly players: Players;
  /** Real images of the canvas size, or a whole multiple of it, and their labels. The images stay the caller's. */
  readonly batch: ImageBatch;
  readonly draws: Draws;
  /** Default: {@link lossConfig}'s. */
  readonly losses?: Partial<LossConfig>;
  readonly ownTerms?: OwnTerms;
  /** See `TrainingConfig`. Default: null. */
  readonly microBatchSize?: number | null;
  /** False: the generator alone learns, by the L1 term. Default: true. */
  readonly adversarial?: boolean;
  /** See `TrainingConfig`. Default: 0. */
  readonly instrumentLead?: number;
  /** Default: those that the players were made with. */
  readonly learningRates?: { readonly generator: number; readonly critic: number };
}

const ganIterationOptionNames: OptionNames<GanIterationOptions> = {
  network: true,
  growth: true,
  players: true,
  batch: true,
  draws: true,
  losses: true,
  ownTerms: true,
  microBatchSize: true,
  adversarial: true,
  instrumentLead: true,
  learningRates: true,
};

/** Ready for a {@link StepResult}. */
export interface IterationResult {
  readonly examples: number;
  readonly losses: StepLosses;
  readonly gradientNorms: GradientNorms;
}

/**
 * One iteration of a GAN as the original makes it: update the generator, update its average, update the critic, each on latents of its own.
 * For a training of one's own; `ProgressiveGanTask` is made of it.
 *
 * @param context what `runTraining` gives a task's step
 * @throws ArgumentError if batch or draws do not fit the network or each other; ConfigError for terms that cannot be right; DivergenceError if a
 * loss or gradient is out of bounds; the signal's reason when aborted
 */
export async function ganIteration(options: GanIterationOptions, context: StepContext): Promise<IterationResult> {
  checkOptions('ganIteration', options, ganIterationOptionNames);
  const {
    network,
    players,
    batch,
    draws,
    microBatchSize = null,
    ownTerms = {},
    adversarial = true,
    instrumentLead = 0,
    learningRates,
  } = options;
  const growth = options.growth ?? fullyGrown(network);
  checkOwnTerms(ownTerms);
  checkDraws(draws, network);
  await checkBatch(batch, draws.mixing.length, network, canvasSize(network, growth));
  const losses = lossConfig(options.losses);
  const iteration = { network, growth, players, batch, draws, losses, microBatchSize, ownTerms, instrumentLead, learningRates };
  const examples = draws.mixing.length;
  if (!adversarial) {
    const alone = await updateGeneratorAlone(iteration, context);
    players.average.update();
    return { examples, losses: lossesAlone(alone.losses), gradientNorms: { generator: alone.gradientNorm, critic: 0 } };
  }
  const generator = await updateGenerator(iteration, context);
  players.average.update();
  const critic = await updateCritic(iteration, context);
  return {
    examples,
    losses: stepLosses(generator.losses, critic.losses),
    gradientNorms: { generator: generator.gradientNorm, critic: critic.gradientNorm },
  };
}

type Iteration = Required<Omit<GanIterationOptions, 'adversarial' | 'learningRates'>> & {
  readonly losses: LossConfig;
  readonly learningRates: GanIterationOptions['learningRates'];
};

const networksOf = ({ players: { generator, critic }, network, growth }: Iteration): Networks => ({
  config: network,
  growth,
  weights: { ...generator.weights, ...critic.weights },
});

const updateOptions = ({ draws, microBatchSize, learningRates }: Iteration, name: 'generator' | 'critic'): UpdateOptions => ({
  name,
  batchSize: draws.mixing.length,
  microBatchSize,
  ...(learningRates && { learningRate: learningRates[name] }),
});

/** The generator's update without a critic. */
function updateGeneratorAlone(iteration: Iteration, context: StepContext): Promise<Update<GeneratorTermsAlone>> {
  const { players, network, losses, batch } = iteration;
  const networks = networksOf(iteration);
  const latents = choosing(iteration, iteration.draws.generatorLatents);
  return updateParameters(players.generator, updateOptions(iteration, 'generator'), context, (part) => {
    const request = requests(network, latents, batch.labels, part);
    return generatorTermsAlone(networks, { ...request, real: realImages(iteration, part) }, losses);
  });
}

function updateGenerator(iteration: Iteration, context: StepContext): Promise<Update<GeneratorTerms>> {
  const { players, network, losses, batch, ownTerms } = iteration;
  const { generatorLatents, generatorLabels } = iteration.draws;
  const networks = networksOf(iteration);
  // Images are compared with real ones only where they are asked to be of the same label.
  const compared = losses.l1Weight > 0;
  const labels = compared ? batch.labels : generatorLabels;
  const latents = compared ? choosing(iteration, generatorLatents) : generatorLatents;
  return updateParameters(players.generator, updateOptions(iteration, 'generator'), context, (part) => {
    const request = requests(network, latents, labels, part);
    if (!compared && !ownTerms.generator) return generatorTerms(networks, request, losses);
    const real = realImages(iteration, part);
    const pass = generatorPass(networks, { ...request, real });
    return withOwnTerms(generatorLoss(pass, losses), ownTerms.generator, {
      ...pass,
      real,
      realPitch: realPitch(iteration, part),
    });
  });
}

function updateCritic(iteration: Iteration, context: StepContext): Promise<Update<CriticTerms>> {
  const { players, network, losses, batch, ownTerms } = iteration;
  const { criticLatents, criticLabels, mixing } = iteration.draws;
  const networks = networksOf(iteration);
  // A critic that is told the pitch, or the instrument, compares, and is penalised between, images of the same pitch and instrument.
  const asked = conditionsCritic(network) ? batch.labels : criticLabels;
  const latents = choosing(iteration, criticLatents);
  return updateParameters(players.critic, updateOptions(iteration, 'critic'), context, (part) => {
    const { start, size } = part;
    const request = requests(network, latents, asked, part);
    const pass = criticPass(networks, {
      real: realImages(iteration, part),
      realPitch: realPitch(iteration, part),
      generated: generateImages(networks, request),
      generatedPitch: request.pitch,
      instrument: request.instrument,
      mixing: tf.tensor1d(mixing.slice(start, start + size)),
    });
    return withOwnTerms(criticLoss(pass, losses), ownTerms.critic, pass);
  });
}

const conditionsCritic = ({ conditioning, instruments }: NetworkConfig): boolean =>
  (conditioning?.critic.length ?? 0) > 0 || instruments.length > 0;

/** Real images of a micro-batch, blended as the generated ones are. */
const realImages = ({ network, growth, batch }: Iteration, { start, size }: MicroBatch): tf.Tensor4D =>
  blendImages(network, growth, tf.slice(batch.images, [start, 0, 0, 0], [size, -1, -1, -1]));

const realPitch = ({ network, batch }: Iteration, { start, size }: MicroBatch): tf.Tensor2D =>
  oneHotLabels(batch.labels.slice(start, start + size), network.pitches.length);

/** The same latents, each choosing the instrument and the attributes of the note asked for, as far as the network knows them. */
function choosing({ network, batch, instrumentLead }: Iteration, latents: Float32Array): Float32Array {
  const { instruments, levels = [] } = batch;
  const { latentSize, instruments: known, attributes = [] } = network;
  const chosen = new Float32Array(latents);
  for (let i = 0; i * latentSize < latents.length; i++) {
    let latent: Latent = chosen.subarray(i * latentSize, (i + 1) * latentSize);
    const instrument = instruments?.[i];
    if (known.length > 0 && instrument !== undefined) latent = latentWithInstrument(latent, network, instrument, instrumentLead);
    for (const [k, { name }] of attributes.entries()) {
      const level = levels[k]?.[i] ?? -1;
      if (level >= 0) latent = latentWithAttribute(latent, network, name, level);
    }
    chosen.set(latent, i * latentSize);
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
