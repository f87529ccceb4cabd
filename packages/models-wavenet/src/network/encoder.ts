import { plus } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import type { EncoderConfig } from '../config/encoder-config.js';
import { dilations } from '../config/wavenet-config.js';
import { ArgumentError } from '../errors.js';
import { dilatedConvolution } from './dilated-convolution.js';
import { pointwise } from './pointwise.js';
import { convolutionOf, type Weights } from './weights.js';

/**
 * The encoder's output before it is averaged over time.
 *
 * @param input [batch, samples], scaled as the decoder's, not shifted
 * @returns [batch, samples, channels]
 */
export function encoderStream(weights: Weights, encoder: EncoderConfig, input: tf.Tensor2D): tf.Tensor3D {
  const at = (name: string): ReturnType<typeof convolutionOf> => convolutionOf(weights, name);
  return tf.tidy(() => {
    const [batch, samples] = input.shape;
    let x = dilatedConvolution(tf.reshape(input, [batch, samples, 1]), at('ae_startconv'), { dilation: 1, padding: 'centred' });
    for (const [index, dilation] of dilations(encoder).entries()) {
      const next = tf.tidy(() => {
        const inner = dilatedConvolution(tf.relu(x), at(`ae_dilatedconv_${index + 1}`), { dilation, padding: 'centred' });
        return plus(x, pointwise(tf.relu(inner), at(`ae_res_${index + 1}`)));
      });
      x.dispose();
      x = next;
    }
    return pointwise(x, at('ae_bottleneck'));
  });
}

/**
 * The NSynth encoder: a sound as frames, each the mean over `hop` samples.
 *
 * @param input [batch, samples], scaled as the decoder's, not shifted; a multiple of `hop` long
 * @returns [batch, samples / hop, channels], unbounded
 * @throws ArgumentError if the length is no multiple of `hop`
 * @see `magenta/models/nsynth/wavenet/h512_bo16.py`, Config.build
 */
export function encoder(weights: Weights, config: EncoderConfig, hop: number, input: tf.Tensor2D): tf.Tensor3D {
  const [, samples] = input.shape;
  if (samples === 0 || samples % hop !== 0)
    throw new ArgumentError(
      'encoder',
      `expected a multiple of ${hop} samples (a frame each), found ${samples}: ${samples % hop} too many, or ${hop - (samples % hop)} too few.`,
      samples,
    );
  return tf.tidy(() => framesOf(encoderStream(weights, config, input), hop));
}

/** Means over each `hop` samples. */
export function framesOf(stream: tf.Tensor3D, hop: number): tf.Tensor3D {
  const [batch, samples, channels] = stream.shape;
  return tf.tidy(() => tf.mean<tf.Tensor3D>(tf.reshape(stream, [batch, samples / hop, hop, channels]), 2));
}

/** Samples on either side that a frame's values can depend on: 3,070 in NSynth. */
export function encoderMargin(encoder: EncoderConfig): number {
  const reach = dilations(encoder).reduce((sum, dilation) => sum + dilation, 1);
  return (reach * (encoder.kernelLength - 1)) / 2;
}
