import type * as tf from '@tensorflow/tfjs-core';
import type { PlainTensor } from '@gansynth/model-files';

/** A generator without what its images are un-normalised by, its constants on the backend. */
export interface CompiledBody {
  /** [batch, latentSize], one-hot [batch, pitches] -> normalised images [batch, height, width, channels] */
  run(latent: tf.Tensor2D, pitch: tf.Tensor2D): tf.Tensor4D;
  /** For one note. */
  readonly multiplyAdds: number;
  /** Float32 values alive at once while one note is computed, besides the constants. */
  readonly peakValues: number;
}

/** A variable by its name inside the generator, its shape checked. */
export type WeightReader = (name: string) => PlainTensor<Float32Array>;
