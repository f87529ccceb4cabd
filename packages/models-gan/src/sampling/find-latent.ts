import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { adam, disposeAdamState, lossAndGradients } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { breathe } from '@gansynth/common/breathe';
import { compileGenerator, type CompileSource } from '../compiled/compile-generator.js';
import { readWeights } from '../compiled/read-weights.js';
import { ArgumentError, ConfigError } from '../errors.js';
import { GeneratorModel, imageShape } from '../model/generator-model.js';
import { latentWithInstrument } from './instruments.js';
import { drawLatents, type Latent } from './latents.js';
import { latentTensor, pitchLabels } from './sample.js';
import { imageDistance, imageDistanceOptionNames, type ImageDistance, type ImageDistanceOptions } from './image-distance.js';

export interface FindLatentOptions extends ImageDistanceOptions {
  /** Pitches the sound may have; one is best, more are tried alongside. */
  readonly pitches: readonly number[];
  /** Decides the latents that are tried. Default 0. */
  readonly seed?: number;
  /**
   * Random latents tried for each pitch before any is improved; where the network tells instruments apart, each instrument in turn. Default 32, or
   * eight an instrument.
   */
  readonly candidates?: number;
  /** How many of the best candidates are improved. Default 3. */
  readonly starts?: number;
  /** Improvements of each start. Default 100. */
  readonly steps?: number;
  /** Of Adam, on z; falls to 0 along half a cosine. Default 0.1. */
  readonly learningRate?: number;
  /**
   * Weight of (mean(z^2) - 1)^2: keeps z as long as the latents the generator was trained on. 0 lets it go wherever the image is nearest.
   * Default 0.01.
   */
  readonly priorWeight?: number;
  /** Images computed at a time while candidates are tried. Default 8. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
  /** Told of progress, in order. */
  readonly onEvent?: (event: FindLatentEvent) => void;
}

const findLatentOptionNames: OptionNames<FindLatentOptions> = {
  pitches: true,
  seed: true,
  candidates: true,
  starts: true,
  steps: true,
  learningRate: true,
  priorWeight: true,
  batchSize: true,
  signal: true,
  onEvent: true,
  ...imageDistanceOptionNames,
};

/** Some candidates were tried. */
export interface CandidatesEvent {
  readonly type: 'candidates';
  readonly tried: number;
  readonly of: number;
  /** Smallest distance so far. */
  readonly best: number;
}

/** One improvement of one start. */
export interface ImprovementEvent {
  readonly type: 'improvement';
  /** 0-based. */
  readonly start: number;
  readonly starts: number;
  /** 1-based. */
  readonly step: number;
  readonly steps: number;
  /** Distance before this step, and the smallest of all so far. */
  readonly distance: number;
  readonly best: number;
}

export type FindLatentEvent = CandidatesEvent | ImprovementEvent;

/** A latent and pitch whose image is near the one asked for. */
export interface FoundLatent {
  readonly latent: Latent;
  readonly pitch: number;
  /** See {@link imageDistance}. */
  readonly distance: number;
  /** Distance of the best random candidate: what searching without improving would have found. */
  readonly candidateDistance: number;
}

interface Candidate {
  readonly latent: Latent;
  readonly pitch: number;
  readonly distance: number;
}

const defaults = { seed: 0, starts: 3, steps: 100, learningRate: 0.1, priorWeight: 0.01, batchSize: 8 };
type Settings = FindLatentOptions & typeof defaults & { readonly candidates: number };

/**
 * Finds the latent that reproduces a given image best: many random latents are tried, the best are improved by gradient descent on z. The
 * generator stays as it is. The same seed gives the same latent (within rounding of the backend).
 *
 * @param source a generator with averaged weights: a `GeneratorModel`, an imported checkpoint, or their parts
 * @param image un-normalised, [1, height, width, channels] of the finished size
 * @throws ArgumentError if image or pitches do not fit the network; the signal's reason when aborted
 */
export async function findLatent(source: CompileSource, image: tf.Tensor4D, options: FindLatentOptions): Promise<FoundLatent> {
  checkOptions('findLatent', options, findLatentOptionNames);

  const instruments = source.config.instruments.length;
  const settings: Settings = { ...defaults, candidates: Math.max(32, 8 * instruments), ...options };
  check(source, image, settings);
  const { channelWeights, pixelWeights } = settings;
  const distance = imageDistance(source.config, image, {
    ...(channelWeights && { channelWeights }),
    ...(pixelWeights && { pixelWeights }),
  });
  try {
    const candidates = await tryCandidates(source, distance, settings);
    const [first] = candidates as [Candidate];
    let best = first;
    const model = new GeneratorModel(source);
    try {
      for (const [start, candidate] of candidates.entries()) {
        const improved = await improve(model, distance, candidate, settings, (step, now, smallest) =>
          settings.onEvent?.({
            type: 'improvement',
            start,
            starts: candidates.length,
            step,
            steps: settings.steps,
            distance: now,
            best: Math.min(best.distance, smallest),
          }),
        );
        if (improved.distance < best.distance) best = improved;
      }
    } finally {
      model.dispose();
    }
    return { latent: best.latent, pitch: best.pitch, distance: best.distance, candidateDistance: first.distance };
  } finally {
    distance.dispose();
  }
}

/** The best `starts` of random latents at every pitch, nearest first. */
async function tryCandidates(source: CompileSource, distance: ImageDistance, settings: Settings): Promise<Candidate[]> {
  const { seed, candidates, pitches, batchSize, starts, signal, onEvent } = settings;
  const { instruments } = source.config;
  const latents = drawLatents(candidates, { seed, latentSize: source.config.latentSize }).map((latent, i) =>
    instruments.length === 0 ? latent : latentWithInstrument(latent, source.config, i % instruments.length),
  );
  const all = latents.flatMap((latent) => pitches.map((pitch) => ({ latent, pitch })));
  const tried: Candidate[] = [];
  const generator = compileGenerator({ ...source, weights: await readWeights(source.weights) });
  try {
    for (let start = 0; start < all.length; start += batchSize) {
      await breathe(signal);
      const part = all.slice(start, start + batchSize);
      const z = latentTensor(
        part.map(({ latent }) => latent),
        source.config.latentSize,
      );
      const labels = pitchLabels(
        part.map(({ pitch }) => pitch),
        source.config.pitches,
      );
      const distances = tf.tidy(() => distance.measure(generator.generate(z, labels)));
      const values = await distances.data();
      tf.dispose([z, distances]);
      tried.push(...part.map((one, index) => ({ ...one, distance: values[index]! })));
      onEvent?.({ type: 'candidates', tried: tried.length, of: all.length, best: Math.min(...tried.map((one) => one.distance)) });
    }
  } finally {
    generator.dispose();
  }
  return tried.sort((a, b) => a.distance - b.distance).slice(0, starts);
}

/** Gradient descent on z from one candidate; the nearest latent met on the way. */
async function improve(
  model: GeneratorModel,
  distance: ImageDistance,
  candidate: Candidate,
  { steps, learningRate, priorWeight, signal }: Settings,
  report: (step: number, distance: number, best: number) => void,
): Promise<Candidate> {
  const { config } = model;
  const label = pitchLabels([candidate.pitch], config.pitches);
  const optimiser = adam({ learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, epsilonPosition: 'tf1' });
  const z = tf.tidy(() => tf.variable(latentTensor([candidate.latent], config.latentSize)));
  const state = optimiser.init([z]);
  let best = candidate;
  try {
    for (let step = 1; step <= steps; step++) {
      await breathe(signal);
      let measured: tf.Tensor1D | undefined;
      const { loss, gradients } = lossAndGradients(() => {
        const apart = distance.measure(model.generate(z as tf.Tensor as tf.Tensor2D, label));
        measured = tf.keep(tf.clone(apart));
        const length = tf.sub(tf.mean(tf.square(z)), 1);
        return tf.add(tf.sum(apart), tf.mul(tf.square(length), priorWeight)) as tf.Scalar;
      }, [z]);
      const [now] = await measured!.data();
      const latent = (await z.data<'float32'>()).slice();
      const sound = Number.isFinite(now) && now! < best.distance;
      if (sound) best = { latent, pitch: candidate.pitch, distance: now! };
      const rate = (learningRate / 2) * (1 + Math.cos((Math.PI * (step - 1)) / steps));
      optimiser.update(state, [z], gradients, rate);
      tf.dispose([loss, measured!, ...gradients.filter((gradient) => gradient !== null)]);
      report(step, now!, best.distance);
    }
  } finally {
    z.dispose();
    disposeAdamState(state);
  }
  return best;
}

function check({ config }: CompileSource, image: tf.Tensor4D, settings: Settings): void {
  const expected = [1, ...imageShape(config)];
  if (image.shape.join() !== expected.join())
    throw new ArgumentError(
      'findLatent',
      `expected one image [${expected}] of the finished size, found [${image.shape}].`,
      image.shape,
    );
  if (settings.pitches.length === 0)
    throw new ArgumentError('findLatent', 'expected at least one pitch to try, found none.', settings.pitches);
  pitchLabels(settings.pitches, config.pitches);
  for (const field of ['candidates', 'starts', 'batchSize'] as const)
    if (!Number.isInteger(settings[field]) || settings[field] < 1)
      throw new ConfigError(field, `expected a positive whole number, found ${settings[field]}.`, settings[field]);
  if (!Number.isInteger(settings.steps) || settings.steps < 0)
    throw new ConfigError('steps', `expected a whole number of at least 0, found ${settings.steps}.`, settings.steps);
  for (const field of ['learningRate', 'priorWeight'] as const)
    if (!(Number.isFinite(settings[field]) && settings[field] >= 0))
      throw new ConfigError(field, `expected a finite number of at least 0, found ${settings[field]}.`, settings[field]);
}
