import * as tf from '@tensorflow/tfjs-core';
import { hopOf } from '../config/conditioning-config.js';
import type { OutputConfig } from '../config/output-config.js';
import type { WaveNetConfig } from '../config/wavenet-config.js';
import { decoder, type DecoderInputs } from '../network/decoder.js';
import { rows, scaledSamples, shifted } from '../network/decoder-input.js';
import { encoder } from '../network/encoder.js';
import { pitchFrames, pitchStack } from '../network/pitch-stack.js';
import type { Weights } from '../network/weights.js';
import { crossEntropy } from '../output/cross-entropy.js';
import { logisticMixtureLosses } from '../output/logistic-mixture.js';

/** Pieces of notes. */
export interface Pieces {
  /** Samples in [-1, 1], all of one length. */
  readonly audio: readonly Float32Array[];
  /** Class indices; -1 for none. Only for a network that knows pitches. */
  readonly labels: ArrayLike<number>;
  /** Where in its note each piece begins, a multiple of the hop. Only for a network that knows pitches. */
  readonly starts: ArrayLike<number>;
  /**
   * Samples of each piece that are heard before the first one that is judged; all alike weigh the pieces then, however much of them is judged. Default: every
   * sample is judged.
   */
  readonly leads?: ArrayLike<number>;
  readonly dropout?: DecoderInputs['dropout'];
  /** What becomes of the past that the decoder hears, [batch, samples]: noise. */
  readonly hearing?: (input: tf.Tensor2D) => tf.Tensor2D;
}

/**
 * Mean negative log-likelihood of pieces, in nats a sample. The first samples see zeros where their past would be.
 *
 * @throws ArgumentError if a weight is missing
 */
export function waveNetLoss(weights: Weights, config: WaveNetConfig, pieces: Pieces): tf.Scalar {
  const { audio, dropout, hearing, leads } = pieces;
  return tf.tidy(() => {
    const scaled = rows(audio.map((sound) => scaledSamples(config.output, sound)));
    const conditioning = conditioningOf(weights, config, scaled, pieces);
    const past = shifted(scaled);
    const inputs = { input: hearing ? hearing(past) : past, conditioning, ...(dropout ? { dropout } : {}) };
    const outputs = decoder(weights, config, inputs);
    if (leads === undefined) return meanLoss(config.output, outputs, scaled);
    const [batch, samples, channels] = outputs.shape;
    const each = Array.from({ length: batch }, (_, at) => {
      const lead = leads[at] ?? 0;
      const judged = tf.slice(outputs, [at, lead, 0], [1, samples - lead, channels]);
      return meanLoss(config.output, judged, tf.slice(scaled, [at, lead], [1, samples - lead]));
    });
    return tf.mean(tf.stack(each)) as tf.Scalar;
  });
}

/**
 * Mean negative log-likelihood of samples, in nats, whichever kind of output a network has.
 *
 * @param outputs of the decoder, or what `Sampler.force` gives, [batch, samples, outputs]
 * @param scaled what it was to predict, as the network sees it: see `scaledSamples`
 */
export function meanLoss(output: OutputConfig, outputs: tf.Tensor3D, scaled: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => {
    if (output.kind === 'mu-law') return crossEntropy(outputs, tf.cast(tf.add<tf.Tensor2D>(tf.mul(scaled, 128), 128), 'int32'));
    const losses = logisticMixtureLosses(outputs, scaled, { logScaleFloor: output.logScaleFloor });
    // Over time first: some backends add up in sequence, and lose digits in long sums.
    return tf.mean(tf.mean(losses, 1)) as tf.Scalar;
  });
}

function conditioningOf(
  weights: Weights,
  { conditioning }: WaveNetConfig,
  scaled: tf.Tensor2D,
  pieces: Pieces,
): tf.Tensor3D | null {
  if (conditioning.kind === 'none') return null;
  const hop = hopOf(conditioning);
  if (conditioning.kind === 'frames') return conditioning.encoder && encoder(weights, conditioning.encoder, hop, scaled);
  const notes = pitchStack(weights, conditioning, pitchFrames(pieces.labels, conditioning));
  const [, , width] = notes.shape;
  const count = Math.ceil(scaled.shape[1] / hop);
  const cut = Array.from({ length: scaled.shape[0] }, (_, index) =>
    tf.slice(notes, [index, Math.floor((pieces.starts[index] ?? 0) / hop), 0], [1, count, width]),
  );
  return cut.length === 1 ? cut[0]! : tf.concat(cut, 0);
}
