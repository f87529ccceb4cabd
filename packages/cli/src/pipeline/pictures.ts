import { replaceFile } from '@gansynth/common/node';
import { encodePng } from '@gansynth/figures';
import { framesFor, imageToArray, rainbowgram, representation, type Picture } from '@gansynth/spectral';
import * as tf from '@tensorflow/tfjs-core';
import { writeWav } from '../audio/write-wav.js';

export interface RainbowgramSize {
  /** Pixels; default: two for each frame, 480 at most. */
  readonly width?: number | undefined;
  /** Pixels. */
  readonly height?: number | undefined;
}

const bins = 512;

/** The rainbowgram of a sound of any length: mel frequency upwards, brightness the level, hue the instantaneous frequency. */
export async function rainbowgramOf(
  audio: Float32Array,
  sampleRate: number,
  { width, height = 192 }: RainbowgramSize = {},
): Promise<Picture> {
  const samples = Math.max(audio.length, 2 * bins);
  const frames = framesFor({ samples, bins, overlap: 0.75 });
  const codec = representation({ kind: 'if-mel', frames, bins, samples, sampleRate });
  const padded = new Float32Array(samples);
  padded.set(audio);
  const image = tf.tidy(() => codec.encode(tf.tensor2d(padded, [1, samples])));
  try {
    return rainbowgram(await imageToArray(image), { kind: 'if-mel', width: width ?? Math.min(480, 2 * frames), height });
  } finally {
    image.dispose();
  }
}

/** Writes a sound and its rainbowgram: `name.wav`, `name.png`. */
export async function writeSound(name: string, audio: Float32Array, sampleRate: number): Promise<void> {
  await writeWav(`${name}.wav`, audio, sampleRate);
  await replaceFile(`${name}.png`, encodePng(await rainbowgramOf(audio, sampleRate)));
}
