import type * as tf from '@tensorflow/tfjs-core';
import { additiveRepresentation, type AdditiveRepresentation } from '../additive/additive-representation.js';
import type { AdditiveOptions } from '../additive/options.js';
import type { EngineName } from '../engine/select.js';
import { harmonicRepresentation, type HarmonicRepresentation } from '../harmonic/harmonic-representation.js';
import type { HarmonicRepresentationOptions } from '../harmonic/options.js';
import { checkKind, type RepresentationJSON, type RepresentationKind, type RepresentationOptions } from './options.js';
import { spectralRepresentation, type SpectralRepresentation } from './spectral-representation.js';
import type { SpectralJSON, SpectralOptions } from './spectral-options.js';

/** A way to write audio of a fixed length as an image, and back. */
export interface Representation {
  readonly kind: RepresentationKind;
  readonly frames: number;
  readonly bins: number;
  /** Samples of the audio. */
  readonly samples: number;
  /** Hz */
  readonly sampleRate: number;
  /** Shape of one image: [frames, bins, 2]. */
  readonly shape: readonly [frames: number, bins: number, channels: 2];
  /**
   * Audio to image; differentiable.
   *
   * @param audio [batch, samples], full scale 1
   * @param pitches MIDI pitch of each note, may be fractional; `if-mel-harmonic` and `harmonic` need them, the others ignore them
   * @returns [batch, frames, bins, 2]; what the channels hold is said where the kind is made
   */
  encode(audio: tf.Tensor2D, pitches?: ArrayLike<number>): tf.Tensor4D;
  /** Image to audio; differentiable. [batch, frames, bins, 2] to [batch, samples]. */
  decode(image: tf.Tensor4D, pitches?: ArrayLike<number>): tf.Tensor2D;
  /**
   * What a network may be told about pitches, with planes for the first `numbered` harmonics: row-major [pitches, bins, 3 + numbered]; null
   * where there is nothing to tell: `harmonic` images look the same at every pitch, the others know nothing of pitches.
   */
  planes(pitches: ArrayLike<number>, numbered?: number): Float32Array | null;
  /** Plain data from which {@link representationFromJSON} makes an equal representation. */
  toJSON(): RepresentationJSON;
}

/**
 * Makes a representation of any kind.
 *
 * @throws OptionError for an unknown kind, or if no image of that size can hold that much audio; the message does the arithmetic
 * @see spectralRepresentation, harmonicRepresentation, additiveRepresentation
 */
export function representation(options: SpectralOptions): SpectralRepresentation;
export function representation(
  options: { readonly kind: 'if-mel-harmonic' } & HarmonicRepresentationOptions,
): HarmonicRepresentation;
export function representation(
  options: { readonly kind: 'harmonic'; readonly engine?: EngineName | undefined } & AdditiveOptions,
): AdditiveRepresentation;
export function representation(options: RepresentationOptions): Representation;
export function representation(options: RepresentationOptions): Representation {
  switch (options.kind) {
    case 'harmonic':
      return additiveRepresentation(options);
    case 'if-mel-harmonic':
      return harmonicRepresentation(options);
    default:
      checkKind(options.kind);
      return spectralRepresentation(options);
  }
}

/** Rebuilds a representation from what its `toJSON` gave. */
export function representationFromJSON(json: SpectralJSON): SpectralRepresentation;
export function representationFromJSON(json: RepresentationJSON): Representation;
export function representationFromJSON(json: RepresentationJSON): Representation {
  return representation(json);
}
