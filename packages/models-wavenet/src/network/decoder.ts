import * as tf from '@tensorflow/tfjs-core';
import { hopOf } from '../config/conditioning-config.js';
import { dilations, type WaveNetConfig } from '../config/wavenet-config.js';
import { dilatedConvolution } from './dilated-convolution.js';
import { pointwise } from './pointwise.js';
import { addFrames } from './frames.js';
import { convolutionOf, type Weights } from './weights.js';

export interface DecoderInputs {
  /** What the network sees at each sample: the sample before it. [batch, samples]; see `shifted`. */
  readonly input: tf.Tensor2D;
  /** [batch, frames, channels], a frame for each hop; null where nothing conditions the network. */
  readonly conditioning: tf.Tensor3D | null;
  /** Applied to what the first convolution gives, before the layers and before the skips: dropout. */
  readonly dropout?: (x: tf.Tensor3D, where: 'layers' | 'skips') => tf.Tensor3D;
}

/**
 * The WaveNet over a whole sound at once, as it trains: at each sample the parameters of the distribution of that sample, given those before.
 *
 * @returns [batch, samples, outputs]: logits of 256 codes, or logits, means and log-scales of the mixture's logistics
 * @see `magenta/models/nsynth/wavenet/h512_bo16.py`, Config.build
 */
export function decoder(weights: Weights, config: WaveNetConfig, { input, conditioning, dropout }: DecoderInputs): tf.Tensor3D {
  const { width } = config;
  const hop = hopOf(config.conditioning);
  const at = (name: string): ReturnType<typeof convolutionOf> => convolutionOf(weights, name);
  const conditioned = (x: tf.Tensor3D, name: string): tf.Tensor3D =>
    conditioning ? addFrames(x, pointwise(conditioning, at(name)), hop) : x;
  return tf.tidy(() => {
    const [batch, samples] = input.shape;
    const start = dilatedConvolution(tf.reshape(input, [batch, samples, 1]), at('startconv'), { dilation: 1, padding: 'causal' });
    let x = dropout ? dropout(start, 'layers') : start;
    let skips = pointwise(dropout ? dropout(start, 'skips') : start, at('skip_start'));
    for (const [index, dilation] of dilations(config).entries()) {
      const layer = index + 1;
      const sum = conditioned(
        dilatedConvolution(x, at(`dilatedconv_${layer}`), { dilation, padding: 'causal' }),
        `cond_map_${layer}`,
      );
      const gate = tf.sigmoid(tf.slice(sum, [0, 0, 0], [batch, samples, width]));
      const signal = tf.tanh(tf.slice(sum, [0, 0, width], [batch, samples, width]));
      const gated = tf.mul<tf.Tensor3D>(gate, signal);
      // Nobody would read the last.
      if (layer < config.layers) x = tf.add(x, pointwise(gated, at(`res_${layer}`)));
      skips = tf.add(skips, pointwise(gated, at(`skip_${layer}`)));
    }
    const head = conditioned(pointwise(tf.relu(skips), at('out1')), 'cond_map_out1');
    return pointwise(tf.relu(head), at('logits'));
  });
}
