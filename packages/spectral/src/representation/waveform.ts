import * as tf from '@tensorflow/tfjs-core';
import { checkFinite } from '../check.js';
import type { WaveformPadding } from './waveform-padding.js';

/** [batch, samples] to [batch, frames, 1, 2]: the same padded signal in both channels, as the original's waveform models take it. */
export function encodeWaveform(audio: tf.Tensor2D, { left, right }: WaveformPadding): tf.Tensor4D {
  return tf.tidy(() => {
    const column = tf.expandDims(tf.expandDims(tf.pad(audio, [[0, 0], [left, right]]), 2), 3); // prettier-ignore
    return tf.concat([column, column], 3) as tf.Tensor4D;
  });
}

/** [batch, frames, 1, 2] to [batch, samples]: channel 0 without the padding. */
export function decodeWaveform(image: tf.Tensor4D, { left }: WaveformPadding, samples: number): tf.Tensor2D {
  return tf.tidy(() => tf.reshape(tf.slice(image, [0, left, 0, 0], [image.shape[0], samples, 1, 1]), [image.shape[0], samples]));
}

/** The same as {@link encodeWaveform} over typed arrays, without a gradient. */
export function encodeWaveformTyped(audio: tf.Tensor2D, { left, right }: WaveformPadding): tf.Tensor4D {
  const [batch, samples] = audio.shape;
  const input = audio.dataSync<'float32'>();
  checkFinite(input, 'representation: encode: audio', 'Clean the audio first.');
  const frames = left + samples + right;
  const output = new Float32Array(batch * frames * 2);
  for (let item = 0; item < batch; item++) {
    const at = 2 * (item * frames + left);
    for (let n = 0; n < samples; n++) output[at + 2 * n] = output[at + 2 * n + 1] = input[item * samples + n]!;
  }
  return tf.tensor4d(output, [batch, frames, 1, 2]);
}

/** The same as {@link decodeWaveform} over typed arrays, without a gradient. */
export function decodeWaveformTyped(image: tf.Tensor4D, { left }: WaveformPadding, samples: number): tf.Tensor2D {
  const [batch, frames] = image.shape;
  const input = image.dataSync<'float32'>();
  checkFinite(input, 'representation: decode: image', 'A model that diverged? Clean the image first.');
  const output = new Float32Array(batch * samples);
  for (let item = 0; item < batch; item++) {
    const at = 2 * (item * frames + left);
    for (let n = 0; n < samples; n++) output[item * samples + n] = input[at + 2 * n]!;
  }
  return tf.tensor2d(output, [batch, samples]);
}
