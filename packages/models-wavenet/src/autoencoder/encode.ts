import { breathe } from '@gansynth/common/breathe';
import type { OptionNames } from '@gansynth/common/check-options';
import * as tf from '@tensorflow/tfjs-core';
import { checkFinite } from '../check-finite.js';
import { checkOptions } from '../check-options.js';
import { ArgumentError } from '../errors.js';
import type { WaveNetModel } from '../model/wavenet-model.js';
import { rows, scaledSamples } from '../network/decoder-input.js';
import { encoderMargin, encoderStream, framesOf } from '../network/encoder.js';
import type { Embedding } from './embedding.js';

export interface EncodeOptions {
  /** Samples whose frames are computed at a time, taken down to whole frames, one at least; memory does not grow with the sound. Default 32,768. */
  readonly samplesAtOnce?: number;
  readonly signal?: AbortSignal;
}

/** Their names, each once. */
export const encodeOptionNames: OptionNames<EncodeOptions> = { samplesAtOnce: true, signal: true };

/**
 * A sound as frames of the NSynth encoder: what `decode`, or a sampler, makes sound of again. Of any length: the frames of a part are computed from
 * that part and all around it that they can depend on.
 *
 * @param audio in [-1, 1]; zeros are added up to whole frames (of 512 samples in NSynth)
 * @returns [frames, channels]
 * @throws ArgumentError if the model has no encoder, a sample is not finite, or an option cannot be; the signal's reason when aborted
 * @see `magenta/models/nsynth/wavenet/fastgen.py`, encode
 */
export async function encode(model: WaveNetModel, audio: Float32Array, options: EncodeOptions = {}): Promise<Embedding> {
  checkOptions('encode', options, encodeOptionNames);
  const { samplesAtOnce = 32_768, signal } = options;
  const { conditioning, output } = model.config;
  if (conditioning.kind !== 'frames' || conditioning.encoder === null || !model.hasEncoder)
    throw new ArgumentError(
      'encode',
      'expected a model with an encoder, found none. Load one with its encoder.',
      conditioning.kind,
    );
  if (audio.length === 0) throw new ArgumentError('encode', 'expected a sound, found one without samples.', audio);
  checkFinite('encode', audio);
  if (!Number.isInteger(samplesAtOnce) || samplesAtOnce < 1)
    throw new ArgumentError(
      'encode',
      `expected samplesAtOnce to be a whole number of 1 or more, found ${samplesAtOnce}.`,
      samplesAtOnce,
    );
  const { encoder, hop, channels } = conditioning;
  const frames = Math.ceil(audio.length / hop);
  const samples = frames * hop;
  const padded = new Float32Array(samples);
  padded.set(audio);
  const scaled = scaledSamples(output, padded);
  const margin = hop * Math.ceil(encoderMargin(encoder) / hop);
  const step = Math.max(1, Math.floor(samplesAtOnce / hop));
  const data = new Float32Array(frames * channels);
  for (let from = 0; from < frames; from += step) {
    await breathe(signal);
    const to = Math.min(frames, from + step);
    const [first, last] = [Math.max(0, from * hop - margin), Math.min(samples, to * hop + margin)];
    const part = tf.tidy(() => {
      const stream = encoderStream(model.weights, encoder, rows([scaled.subarray(first, last)]));
      return framesOf(tf.slice(stream, [0, from * hop - first, 0], [1, (to - from) * hop, channels]), hop);
    });
    data.set(await part.data<'float32'>(), from * channels);
    part.dispose();
  }
  return { shape: [frames, channels], data };
}
