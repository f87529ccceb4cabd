import type { PlainWeights } from '@gansynth/model-files';
import * as tf from '@tensorflow/tfjs-core';
import { waveNetConfig, type WaveNetConfig } from '../config/wavenet-config.js';
import { ArgumentError } from '../errors.js';
import { decoder } from '../network/decoder.js';
import { rows, scaledSamples, shifted } from '../network/decoder-input.js';
import { pitchFrames, pitchStack } from '../network/pitch-stack.js';
import { waveNetVariables, type Variable } from '../network/variables.js';
import type { Weights } from '../network/weights.js';

/** A WaveNet with frozen weights, to sample from, and to encode with if it has an encoder. Free it with `dispose`. */
export class WaveNetModel {
  readonly config: WaveNetConfig;
  readonly weights: Weights;

  /**
   * @param weights by variable name; tensors are shared, not copied, and stay the caller's. One of decoder and encoder may be left out.
   * @throws ArgumentError if a variable is missing or has another shape
   */
  constructor({ config, weights }: { readonly config: WaveNetConfig; readonly weights: Weights | PlainWeights }) {
    this.config = waveNetConfig(config);
    this.weights = ownWeights(this.config, weights);
  }

  /** Whether it can encode. */
  get hasEncoder(): boolean {
    return 'ae_bottleneck/W' in this.weights;
  }

  /** Whether it can be sampled from. */
  get hasDecoder(): boolean {
    return 'startconv/W' in this.weights;
  }

  /**
   * The conditioning of whole notes by their pitch.
   *
   * @param labels positions in the network's pitches, -1 for none
   * @returns [labels, frames, width]; the caller frees it
   * @throws ArgumentError if the network knows no pitches, or not these
   */
  pitchConditioning(labels: ArrayLike<number>): tf.Tensor3D {
    const { conditioning } = this.config;
    if (conditioning.kind !== 'pitch')
      throw new ArgumentError(
        'pitchConditioning',
        `expected a network that knows pitches, found conditioning by ${conditioning.kind}.`,
        labels,
      );
    const count = conditioning.pitches.length;
    const wrong = Array.from(labels).find((label) => !Number.isInteger(label) || label < -1 || label >= count);
    if (wrong !== undefined)
      throw new ArgumentError(
        'pitchConditioning',
        `expected labels from 0 to ${count - 1} (positions in pitches, not MIDI numbers; -1 for no pitch), found ${wrong}.`,
        wrong,
      );
    return tf.tidy(() => tf.clone(pitchStack(this.weights, conditioning, pitchFrames(labels, conditioning))));
  }

  /**
   * What the network expects of each sample, given those before it: over a whole sound at once, as it trains.
   *
   * @param audio samples in [-1, 1], sounds of one length
   * @param conditioning [sounds, frames, channels], a frame for each hop; null for a network without
   * @returns [sounds, samples, outputs]: 256 logits, or logits, means and log-scales of the mixture; the caller frees it
   */
  predict(audio: readonly Float32Array[], conditioning: tf.Tensor3D | null): tf.Tensor3D {
    return tf.tidy(() => {
      const input = shifted(rows(audio.map((sound) => scaledSamples(this.config.output, sound))));
      return tf.clone(decoder(this.weights, this.config, { input, conditioning }));
    });
  }

  dispose(): void {
    tf.dispose(Object.values(this.weights));
  }
}

function ownWeights(config: WaveNetConfig, weights: Weights | PlainWeights): Weights {
  const own: Record<string, tf.Tensor> = {};
  for (const { name, shape } of presentVariables(config, weights)) {
    const weight = weights[name];
    if (weight === undefined || weight.shape.join() !== shape.join()) {
      tf.dispose(own);
      throw new ArgumentError(
        'WaveNetModel',
        `expected a variable ${name} [${shape}], found ${weight ? `[${weight.shape}]` : 'none'}. These weights are of another WaveNet.`,
        name,
      );
    }
    own[name] = weight instanceof tf.Tensor ? tf.clone(weight) : tf.tensor(weight.data, [...shape], 'float32');
  }
  return own;
}

/** The variables of the parts of which there is anything; of both, if there is nothing. */
function presentVariables(config: WaveNetConfig, weights: Weights | PlainWeights): Variable[] {
  const parts = (['decoder', 'encoder'] as const).map((part) => waveNetVariables(config, part));
  const present = parts.filter((part) => part.some(({ name }) => weights[name] !== undefined));
  return (present.length === 0 ? parts : present).flat();
}
