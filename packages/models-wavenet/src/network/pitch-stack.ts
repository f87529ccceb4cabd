import * as tf from '@tensorflow/tfjs-core';
import type { PitchConditioning } from '../config/conditioning-config.js';
import { dilatedConvolution } from './dilated-convolution.js';
import { pitchLayerNames } from './variables.js';
import { convolutionOf, type Weights } from './weights.js';

/**
 * Pitches over time, as the pitch stack takes them: one-hot in frames that begin while the key is held, zero in those after, and zero
 * throughout for a label of -1.
 *
 * @param labels positions in the network's pitches
 * @returns [labels, frames, pitches]
 */
export function pitchFrames(labels: ArrayLike<number>, { pitches, hop, samples, heldSamples }: PitchConditioning): tf.Tensor3D {
  const frames = Math.ceil(samples / hop);
  const values = new Float32Array(labels.length * frames * pitches.length);
  const held = Math.ceil(heldSamples / hop);
  for (let note = 0; note < labels.length; note++) {
    const label = labels[note]!;
    if (label < 0) continue;
    for (let frame = 0; frame < held; frame++) values[(note * frames + frame) * pitches.length + label] = 1;
  }
  return tf.tensor3d(values, [labels.length, frames, pitches.length]);
}

const activations = { relu: tf.relu, tanh: tf.tanh, linear: (x: tf.Tensor3D): tf.Tensor3D => x } as const;

/**
 * The conditioning of a note by its pitch.
 *
 * @param frames one-hot pitch over time, [batch, frames, pitches]; see {@link pitchFrames}
 * @returns [batch, frames, width]
 * @see Engel et al. 2019, baselines
 */
export function pitchStack(weights: Weights, config: PitchConditioning, frames: tf.Tensor3D): tf.Tensor3D {
  const names = pitchLayerNames(config);
  const activate = activations[config.activation];
  return tf.tidy(() => {
    let x = frames;
    for (const [index, name] of names.entries()) {
      const dilation = config.dilations[index] ?? 1;
      x = dilatedConvolution(x, convolutionOf(weights, name), { dilation, padding: config.padding });
      if (index < names.length - 1) x = activate(x);
    }
    return x;
  });
}
