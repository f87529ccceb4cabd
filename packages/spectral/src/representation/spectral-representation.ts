import * as tf from '@tensorflow/tfjs-core';
import { checkTensor } from '../check.js';
import { checkEngine, useShortcut } from '../engine/select.js';
import { makeChain, type Chain } from './chain.js';
import { completeOptions, type SpectralJSON, type SpectralKind, type SpectralOptions } from './spectral-options.js';
import { decodeTensor, encodeTensor } from './tensor-chain.js';
import { decodeTyped, encodeTyped } from './typed-array-chain.js';
import { waveformPadding } from './waveform-padding.js';
import { decodeWaveform, decodeWaveformTyped, encodeWaveform, encodeWaveformTyped } from './waveform.js';

/** A representation that needs no pitch; what it is told of pitches it ignores. */
export interface SpectralRepresentation extends SpectralJSON {
  readonly kind: SpectralKind;
  /** Shape of one image: [frames, bins, 2]. */
  readonly shape: readonly [frames: number, bins: number, channels: 2];
  /**
   * Audio to image; differentiable.
   *
   * @param audio [batch, samples], full scale 1
   * @returns [batch, frames, bins, 2]. Channel 0: `phase` and `if` ln(magnitude + 1e-6), `if-mel` ln(power + 1e-6). Channel 1: `phase`
   * half turns in [-1, 1]; `if` and `if-mel` half turns per hop in [-1, 1]. `waveform`: both channels are the samples.
   * @throws ShapeError unless [batch, samples] of float32; NonFiniteError for NaN or infinity (on GPUs the image is NaN there)
   */
  encode(audio: tf.Tensor2D, pitches?: ArrayLike<number>): tf.Tensor4D;
  /**
   * Image to audio; differentiable. The last fftSize - hop samples fade: fewer frames reach them.
   *
   * @param image [batch, frames, bins, 2], values as `encode` gives them (not normalised)
   * @returns [batch, samples]
   * @throws ShapeError, NonFiniteError as `encode`
   */
  decode(image: tf.Tensor4D, pitches?: ArrayLike<number>): tf.Tensor2D;
  /** Nothing to tell a network of a pitch. */
  planes(): null;
  /** Plain data from which `representationFromJSON` makes an equal representation. */
  toJSON(): SpectralJSON;
}

/**
 * Makes a representation. Defaults: 64,000 samples at 16 kHz, 128 frames of 1024 bins (the paper's "+H").
 *
 * @throws OptionError if no image of that size can hold that much audio; the message does the arithmetic
 * @see Engel et al. 2019, section 2; SpecgramsHelper of Magenta's GANSynth, whose numbers the defaults reproduce
 */
export function spectralRepresentation(given: SpectralOptions): SpectralRepresentation {
  const json = completeOptions(given);
  checkEngine(given.engine ?? 'auto', 'representation');
  const shape = [json.frames, json.bins, 2] as const;
  const { encode, decode } = json.kind === 'waveform' ? waveformCodec(json, given) : spectralCodec(json.kind, json, given);
  return Object.freeze({
    ...json,
    shape,
    encode(audio: tf.Tensor2D): tf.Tensor4D {
      checkTensor(
        audio,
        'representation: encode: audio',
        ['batch', json.samples],
        'One row a note: tf.expandDims(audio, 0), padded or cut to length.',
      );
      return audio.shape[0] === 0 ? tf.zeros([0, ...shape]) : tf.tidy(() => encode(audio));
    },
    decode(image: tf.Tensor4D): tf.Tensor2D {
      checkTensor(image, 'representation: decode: image', ['batch', ...shape], 'One image is tf.expandDims(image, 0).');
      return image.shape[0] === 0 ? tf.zeros([0, json.samples]) : tf.tidy(() => decode(image));
    },
    planes: () => null,
    toJSON: () => ({ ...json }),
  });
}

type Codec = Pick<SpectralRepresentation, 'encode' | 'decode'>;

function spectralCodec(kind: Chain['kind'], json: SpectralJSON, { engine = 'auto' }: SpectralOptions): Codec {
  const chain = makeChain(kind, json, engine);
  return {
    encode: (audio) => (useShortcut(engine) ? encodeTyped(audio, chain) : encodeTensor(audio, chain)),
    decode: (image) => (useShortcut(engine) ? decodeTyped(image, chain) : decodeTensor(image, chain)),
  };
}

function waveformCodec(json: SpectralJSON, { engine = 'auto' }: SpectralOptions): Codec {
  const padding = waveformPadding(json);
  const { samples } = json;
  return {
    encode: (audio) => (useShortcut(engine) ? encodeWaveformTyped(audio, padding) : encodeWaveform(audio, padding)),
    decode: (image) =>
      useShortcut(engine) ? decodeWaveformTyped(image, padding, samples) : decodeWaveform(image, padding, samples),
  };
}
