import * as tf from '@tensorflow/tfjs-core';
import { midiToFrequency, type AdditiveOptions } from '../src/index.js';

export const sampleRate = 16_000;
export const small: AdditiveOptions & {
  readonly kind: 'harmonic';
  readonly bins: number;
  readonly frames: number;
  readonly samples: number;
} = {
  kind: 'harmonic',
  frames: 12,
  bins: 10,
  noiseBands: 3,
  onsetFrames: 4,
  onsetHop: 64,
  samples: 2000,
};
export const floor: number = 2 * Math.log(1e-4);

export interface Tone {
  /** Root mean square of each harmonic. */
  readonly levels: readonly number[];
  /** Of every partial, per cent. */
  readonly off?: number;
  readonly samples?: number;
}

/** A steady tone, by the definition of a sine. */
export const tone = (pitch: number, { levels, off = 0, samples = small.samples }: Tone): Float32Array =>
  Float32Array.from({ length: samples }, (_, n) =>
    levels.reduce((sum, level, h) => {
      const turns = ((h + 1) * midiToFrequency(pitch) * (1 + off / 100) * n) / sampleRate;
      return sum + Math.SQRT2 * level * Math.sin(2 * Math.PI * turns + h);
    }, 0),
  );

export const one = (audio: Float32Array): tf.Tensor2D => tf.tensor2d(audio, [1, audio.length]);

/** An image that holds the same in every frame. */
export const image = (
  cells: readonly (readonly [level: number, deviation: number])[],
  options: { frames: number; bins: number } = small,
): tf.Tensor4D =>
  tf.tensor4d(
    Array.from({ length: options.frames }, () => Array.from({ length: options.bins }, (_, bin) => cells[bin] ?? [floor, 0])).flat(
      2,
    ),
    [1, options.frames, options.bins, 2],
  );

/** Level that an image gives a root mean square. */
export const level = (rms: number): number => 2 * Math.log(rms + 1e-4);
