import {
  harmonicRepresentation,
  representation,
  type HarmonicRepresentationJSON,
  type Representation,
  type RepresentationJSON,
} from '@gansynth/spectral';
import type * as tf from '@tensorflow/tfjs-core';
import type { Recipe } from '../recipes/recipe.js';

export type NoteCodecJSON = RepresentationJSON | HarmonicRepresentationJSON;

/** A representation that is told each note's pitch, whether it makes use of it or not. */
export interface NoteCodec {
  /** Shape of one image. */
  readonly shape: readonly [frames: number, bins: number, channels: 2];
  readonly samples: number;
  /** Hz */
  readonly sampleRate: number;
  /** Audio [batch, samples] of notes at MIDI pitches to images [batch, ...shape]. */
  encode(audio: tf.Tensor2D, pitches: readonly number[]): tf.Tensor4D;
  /** Images [batch, ...shape] to audio [batch, samples] at MIDI pitches. */
  decode(image: tf.Tensor4D, pitches: readonly number[]): tf.Tensor2D;
  /**
   * What a network may be told about pitches, with planes for the first `numbered` harmonics: row-major [pitches, bins, 3 + numbered];
   * null where the representation knows nothing.
   */
  planes(pitches: readonly number[], numbered: number): Float32Array | null;
  toJSON(): NoteCodecJSON;
}

const forget = (codec: Representation): NoteCodec => ({
  shape: codec.shape,
  samples: codec.samples,
  sampleRate: codec.sampleRate,
  encode: (audio) => codec.encode(audio),
  decode: (image) => codec.decode(image),
  planes: () => null,
  toJSON: () => codec.toJSON(),
});

/** The representation a model was trained on, from its manifest. */
export function noteCodec(json: NoteCodecJSON): NoteCodec {
  return json.kind === 'if-mel-harmonic' ? harmonicRepresentation(json) : forget(representation(json));
}

/** How the notes of a recipe become images. */
export function codecOf({ representation: how, data: { samples, sampleRate } }: Recipe): NoteCodec {
  return how.kind === 'if-mel-harmonic'
    ? harmonicRepresentation({ ...how, samples, sampleRate })
    : forget(representation({ ...how, samples, sampleRate }));
}
