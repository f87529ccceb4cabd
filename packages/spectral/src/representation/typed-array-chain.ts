import * as tf from '@tensorflow/tfjs-core';
import { checkFinite } from '../check.js';
import { NonFiniteError } from '../errors.js';
import { analyseFrames, synthesiseFrames, type Framing } from '../engine/frames.js';
import { fromPolar, toPolar, wrapAngle } from '../engine/polar.js';
import { LOG_FLOOR } from '../magnitude.js';
import { applyToPair } from '../sparse-operator.js';
import { firstBin, type Chain } from './chain.js';

const framing = ({ geometry, window }: Chain): Framing => {
  const { fftSize, hop, frames, padLeft } = geometry;
  return { fftSize, hop, frames, offset: padLeft, window };
};

/** The same as `encodeTensor` in one pass per frame, in double precision, without a gradient. */
export function encodeTyped(audio: tf.Tensor2D, chain: Chain): tf.Tensor4D {
  const { frames, bins, samples } = chain.geometry;
  const batch = audio.shape[0];
  const input = audio.dataSync<'float32'>();
  checkFinite(input, 'representation: encode: audio', 'Clean the audio first.');
  const output = new Float32Array(batch * frames * bins * 2);
  const size = frames * bins * 2;
  for (let item = 0; item < batch; item++) {
    encodeItem(input.subarray(item * samples, (item + 1) * samples), output.subarray(item * size, (item + 1) * size), chain);
  }
  return tf.tensor4d(output, [batch, frames, bins, 2]);
}

/** One note's samples into its image, [frames, bins, 2] row by row; no tensor, so no backend, takes part. */
export function encodeItem(audio: Float32Array, image: Float32Array, chain: Chain): void {
  const { kind, mel, trim } = chain;
  const { bins } = chain.geometry;
  const first = firstBin(trim);
  const [level, angle, previous, melLevel, melAngle] = rows(5, bins);
  analyseFrames(audio, framing(chain), (frame, spectrum) => {
    if (spectrum === null) {
      level.fill(LOG_FLOOR);
      angle.fill(0);
    } else {
      toPolar(spectrum.real, spectrum.imaginary, first, LOG_FLOOR, level, angle);
    }
    if (kind !== 'phase') frequencies(angle, previous, frame === 0);
    const row = image.subarray(frame * bins * 2, (frame + 1) * bins * 2);
    if (mel === undefined) {
      writeLevels(row, level, 0);
      writeAngles(row, angle, false);
      return;
    }
    for (let k = 0; k < bins; k++) level[k] = level[k]! * level[k]!;
    applyToPair(mel.forward, [level, angle], [melLevel, melAngle]);
    writeLevels(row, melLevel, LOG_FLOOR);
    writeAngles(row, melAngle, frame > 0);
  });
}

const rows = (count: number, bins: number): [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array] =>
  Array.from({ length: count }, () => new Float64Array(bins)) as ReturnType<typeof rows>;

/** Angles to wrapped differences from the frame before, in place; frame 0 keeps its angles. */
function frequencies(angle: Float64Array, previous: Float64Array, isFirst: boolean): void {
  for (let k = 0; k < angle.length; k++) {
    const now = angle[k]!;
    if (!isFirst) angle[k] = wrapAngle(now - previous[k]!);
    previous[k] = now;
  }
}

function writeLevels(row: Float32Array, level: Float64Array, floor: number): void {
  for (let k = 0; k < level.length; k++) row[2 * k] = Math.log(level[k]! + floor);
}

function writeAngles(row: Float32Array, angle: Float64Array, wrapped: boolean): void {
  for (let k = 0; k < angle.length; k++) row[2 * k + 1] = wrapped ? wrapAngle(angle[k]!) : angle[k]!;
}

/** The same as `decodeTensor` in one pass per frame, in double precision, without a gradient. */
export function decodeTyped(image: tf.Tensor4D, chain: Chain): tf.Tensor2D {
  const { frames, bins, samples } = chain.geometry;
  const batch = image.shape[0];
  const input = image.dataSync<'float32'>();
  checkFinite(input, 'representation: decode: image', 'A model that diverged? Clean the image first.');
  const size = frames * bins * 2;
  const output = new Float32Array(batch * samples);
  for (let item = 0; item < batch; item++) {
    const audio = output.subarray(item * samples, (item + 1) * samples);
    decodeItem(input.subarray(item * size, (item + 1) * size), audio, chain);
  }
  checkLevels(input, output);
  return tf.tensor2d(output, [batch, samples]);
}

/** Finite levels can still be beyond what floats hold once exponentiated: says so instead of returning infinities. */
function checkLevels(image: Float32Array, audio: Float32Array): void {
  let probe = 0;
  for (let i = 0; i < audio.length; i++) probe += audio[i]! * 0;
  if (probe === 0) return;
  let loudest = 0;
  for (let i = 2; i < image.length; i += 2) if (image[i]! > image[loudest]!) loudest = i;
  const level = image[loudest]!;
  const message = `representation: decode: image: expected levels whose audio fits 32-bit floats, found ${level} at index ${loudest}.`;
  throw new NonFiniteError(
    `${message} Levels are natural logarithms: is the image still normalised, or scaled twice?`,
    level,
    loudest,
  );
}

function decodeItem(image: Float32Array, audio: Float32Array, chain: Chain): void {
  const { kind, mel, trim, synthesis } = chain;
  const { bins } = chain.geometry;
  const first = firstBin(trim);
  const [level, angle, melLevel, melAngle] = rows(4, bins);
  synthesiseFrames(audio, { ...framing(chain), window: synthesis }, (frame, spectrum) => {
    const row = image.subarray(frame * bins * 2, (frame + 1) * bins * 2);
    const keep = kind === 'phase' ? 0 : 1;
    if (mel === undefined) {
      readRow(row, level, angle, keep);
    } else {
      readRow(row, melLevel, melAngle, keep);
      applyToPair(mel.inverse, [melLevel, melAngle], [level, angle]);
      for (let k = 0; k < bins; k++) level[k] = Math.sqrt(level[k]! + LOG_FLOOR);
    }
    const { real, imaginary } = spectrum;
    real[0] = real[bins] = imaginary[0] = imaginary[bins] = 0;
    fromPolar(level, angle, real, imaginary, first);
  });
}

/** Exponentiates levels; adds angles to those of the frame before (`keep` 1) or replaces them (0). */
function readRow(row: Float32Array, level: Float64Array, angle: Float64Array, keep: 0 | 1): void {
  for (let k = 0; k < level.length; k++) {
    level[k] = Math.exp(row[2 * k]!);
    angle[k] = keep * angle[k]! + row[2 * k + 1]!;
  }
}
