import * as tf from '@tensorflow/tfjs-core';
import { checkFinite } from '../check.js';
import { NonFiniteError } from '../errors.js';
import { analyseFrames, synthesiseFrames, type Framing } from '../engine/frames.js';
import { LOG_FLOOR } from '../magnitude.js';
import { applyToArray } from '../sparse-operator.js';
import { firstBin, type Chain } from './chain.js';

const { PI } = Math;
const SILENCE = Math.log(LOG_FLOOR);

/** Wraps half turns to [-1, 1], an exact half turn keeping its sign. */
const wrap = (x: number): number => (x > 1 ? x - 2 * Math.ceil((x - 1) / 2) : x < -1 ? x + 2 * Math.ceil((-x - 1) / 2) : x);

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

function encodeItem(audio: Float32Array, image: Float32Array, chain: Chain): void {
  const { kind, mel, trim } = chain;
  const { bins } = chain.geometry;
  const first = firstBin(trim);
  const level = new Float64Array(bins);
  const turn = new Float64Array(bins);
  const previous = new Float64Array(bins);
  const melLevel = new Float64Array(bins);
  const melTurn = new Float64Array(bins);
  analyseFrames(audio, framing(chain), (frame, spectrum) => {
    for (let k = 0; k < bins; k++) {
      const re = spectrum === null ? 0 : (spectrum.real[first + k] as number);
      const im = spectrum === null ? 0 : (spectrum.imaginary[first + k] as number);
      level[k] = Math.sqrt(re * re + im * im) + LOG_FLOOR;
      const phase = re === 0 && im === 0 ? 0 : Math.atan2(im, re) / PI;
      turn[k] = kind === 'phase' || frame === 0 ? phase : wrap(phase - (previous[k] as number));
      previous[k] = phase;
    }
    const row = frame * bins * 2;
    if (mel === undefined) {
      for (let k = 0; k < bins; k++) {
        image[row + 2 * k] = spectrum === null ? SILENCE : Math.log(level[k] as number);
        image[row + 2 * k + 1] = turn[k] as number;
      }
      return;
    }
    for (let k = 0; k < bins; k++) level[k] = (level[k] as number) ** 2;
    applyToArray(mel.forward, level, melLevel);
    applyToArray(mel.forward, turn, melTurn);
    for (let k = 0; k < bins; k++) {
      image[row + 2 * k] = Math.log((melLevel[k] as number) + LOG_FLOOR);
      image[row + 2 * k + 1] = frame === 0 ? (melTurn[k] as number) : wrap(melTurn[k] as number);
    }
  });
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
  for (let i = 0; i < audio.length; i++) probe += (audio[i] as number) * 0;
  if (probe === 0) return;
  let loudest = 0;
  for (let i = 2; i < image.length; i += 2) if ((image[i] as number) > (image[loudest] as number)) loudest = i;
  const level = image[loudest] as number;
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
  const level = new Float64Array(bins);
  const turn = new Float64Array(bins);
  const melLevel = new Float64Array(bins);
  const melTurn = new Float64Array(bins);
  synthesiseFrames(audio, { ...framing(chain), window: synthesis }, (frame, { real, imaginary }) => {
    const row = frame * bins * 2;
    const levels = mel === undefined ? level : melLevel;
    const turns = mel === undefined ? turn : melTurn;
    for (let k = 0; k < bins; k++) {
      levels[k] = Math.exp(image[row + 2 * k] as number);
      const step = image[row + 2 * k + 1] as number;
      turns[k] = kind === 'phase' ? step : (turns[k] as number) + step;
    }
    if (mel !== undefined) {
      applyToArray(mel.inverse, melLevel, level);
      applyToArray(mel.inverse, melTurn, turn);
    }
    real[0] = real[bins] = imaginary[0] = imaginary[bins] = 0;
    for (let k = 0; k < bins; k++) {
      const amplitude = mel === undefined ? (level[k] as number) : Math.sqrt((level[k] as number) + LOG_FLOOR);
      const angle = (turn[k] as number) * PI;
      real[first + k] = amplitude * Math.cos(angle);
      imaginary[first + k] = amplitude * Math.sin(angle);
    }
  });
}
