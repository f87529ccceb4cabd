import type { NetworkConfig } from '../config.js';
import type { PlainTensor } from '../import/plain-tensor.js';
import type { ImageSource } from './image-source.js';
import type { TrainingOptions } from './training-config.js';

export interface TrainerOptions {
  readonly network: NetworkConfig;
  readonly training?: TrainingOptions;
  /** Decides initial weights, latents, generated pitches and mixing factors. Whole number. */
  readonly seed: number;
  readonly data: ImageSource;
  /** The frozen table of a network with conditioning planes, [pitches, width, features]. */
  readonly conditioning?: PlainTensor<Float32Array>;
}

export interface RunOptions {
  /** Ends the run after the step in progress. */
  readonly signal?: AbortSignal;
  /** Ends the run after so many steps; default: when the schedule is done. */
  readonly steps?: number;
}

/** Which of the generator's weights: the average over time (default, for sampling) or those of the last step. */
export type WeightsOf = 'average' | 'current';
