import * as tf from '@tensorflow/tfjs-core';
import type { Framing } from './frames.js';

/**
 * The real DFT of size N = A B as two small matrix products and a twiddle (Cooley and Tukey's factorisation): with n = B a + b and
 * k = ka + A kb, X[k] = sum_b W_B^(b kb) W_N^(b ka) sum_a x[n] W_A^(a ka). Constants and operations shrink from N^2 to about
 * 4 N sqrt(N), and sums of N terms, which cost float32 digits, to sums of sqrt(N).
 */
interface Factors {
  readonly size: number;
  readonly a: number;
  readonly b: number;
  /** Values of kb that reach bins 0 ... N / 2. */
  readonly kb: number;
  /** [A, 2A]: row a, columns cos | -sin of 2 pi a ka / A. */
  readonly first: Float32Array;
  /** [2B, 2 kb]: multiplies (real | imaginary) from the right. */
  readonly second: Float32Array;
  /** [B, A]: cos and -sin of 2 pi b ka / N. */
  readonly twiddleReal: Float32Array;
  readonly twiddleImaginary: Float32Array;
}

const cache = new Map<number, Factors>();

function factors(size: number): Factors {
  const known = cache.get(size);
  if (known !== undefined) return known;
  const a = 2 ** Math.ceil(Math.log2(size) / 2);
  const b = size / a;
  const kb = b / 2 + 1;
  const first = new Float32Array(a * 2 * a);
  const second = new Float32Array(2 * b * 2 * kb);
  const twiddleReal = new Float32Array(b * a);
  const twiddleImaginary = new Float32Array(b * a);
  for (let row = 0; row < a; row++) {
    for (let ka = 0; ka < a; ka++) {
      const angle = (2 * Math.PI * ((row * ka) % a)) / a;
      first[row * 2 * a + ka] = Math.cos(angle);
      first[row * 2 * a + a + ka] = -Math.sin(angle);
    }
  }
  for (let row = 0; row < b; row++) {
    for (let k = 0; k < kb; k++) {
      const angle = (2 * Math.PI * ((row * k) % b)) / b;
      second[row * 2 * kb + k] = Math.cos(angle);
      second[row * 2 * kb + kb + k] = -Math.sin(angle);
      second[(b + row) * 2 * kb + k] = Math.sin(angle);
      second[(b + row) * 2 * kb + kb + k] = Math.cos(angle);
    }
    for (let ka = 0; ka < a; ka++) {
      const angle = (2 * Math.PI * row * ka) / size;
      twiddleReal[row * a + ka] = Math.cos(angle);
      twiddleImaginary[row * a + ka] = -Math.sin(angle);
    }
  }
  const made = { size, a, b, kb, first, second, twiddleReal, twiddleImaginary };
  cache.set(size, made);
  return made;
}

/** [rows, N] to real and imaginary [rows, N / 2 + 1]. */
function realDft(x: tf.Tensor, size: number): [tf.Tensor, tf.Tensor] {
  const { a, b, kb, first, second, twiddleReal, twiddleImaginary } = factors(size);
  const rows = x.shape[0] as number;
  const byColumn = tf.reshape(tf.transpose(tf.reshape(x, [rows, a, b]), [0, 2, 1]), [rows * b, a]);
  const [re, im] = halves(tf.matMul(byColumn as tf.Tensor2D, tf.tensor2d(first, [a, 2 * a])), [rows, b, a]);
  const c = tf.tensor(twiddleReal, [1, b, a]);
  const s = tf.tensor(twiddleImaginary, [1, b, a]);
  const turnedReal = tf.transpose(tf.sub(tf.mul(re, c), tf.mul(im, s)), [0, 2, 1]);
  const turnedImaginary = tf.transpose(tf.add(tf.mul(re, s), tf.mul(im, c)), [0, 2, 1]);
  const joined = tf.reshape(tf.concat([turnedReal, turnedImaginary], 2), [rows * a, 2 * b]);
  const parts = halves(tf.matMul(joined as tf.Tensor2D, tf.tensor2d(second, [2 * b, 2 * kb])), [rows, a, kb]);
  const bins = (part: tf.Tensor): tf.Tensor =>
    tf.slice(tf.reshape(tf.transpose(part, [0, 2, 1]), [rows, kb * a]), [0, 0], [rows, size / 2 + 1]);
  return [bins(parts[0]), bins(parts[1])];
}

/** The adjoint of {@link realDft}: real and imaginary [rows, N / 2 + 1] to [rows, N]. The same steps, transposed, in reverse. */
function realDftAdjoint(real: tf.Tensor, imaginary: tf.Tensor, size: number): tf.Tensor {
  const { a, b, kb, first, second, twiddleReal, twiddleImaginary } = factors(size);
  const rows = real.shape[0] as number;
  const spread = (part: tf.Tensor): tf.Tensor => {
    const padded = tf.pad(part, [
      [0, 0],
      [0, kb * a - (size / 2 + 1)],
    ]);
    return tf.transpose(tf.reshape(padded, [rows, kb, a]), [0, 2, 1]);
  };
  const joined = tf.reshape(tf.concat([spread(real), spread(imaginary)], 2), [rows * a, 2 * kb]);
  const backSecond = tf.transpose(tf.tensor2d(second, [2 * b, 2 * kb]));
  const [turnedReal, turnedImaginary] = halves(tf.matMul(joined as tf.Tensor2D, backSecond), [rows, a, b]);
  const re = tf.transpose(turnedReal, [0, 2, 1]);
  const im = tf.transpose(turnedImaginary, [0, 2, 1]);
  const c = tf.tensor(twiddleReal, [1, b, a]);
  const s = tf.tensor(twiddleImaginary, [1, b, a]);
  const both = tf.concat([tf.add(tf.mul(re, c), tf.mul(im, s)), tf.sub(tf.mul(im, c), tf.mul(re, s))], 2);
  const backFirst = tf.transpose(tf.tensor2d(first, [a, 2 * a]));
  const byColumn = tf.matMul(tf.reshape(both, [rows * b, 2 * a]) as tf.Tensor2D, backFirst);
  return tf.reshape(tf.transpose(tf.reshape(byColumn, [rows, b, a]), [0, 2, 1]), [rows, size]);
}

/** Splits the last axis in two and reshapes both halves. */
function halves(x: tf.Tensor2D, shape: number[]): [tf.Tensor, tf.Tensor] {
  const [left, right] = tf.split(x, 2, 1) as [tf.Tensor, tf.Tensor];
  return [tf.reshape(left, shape), tf.reshape(right, shape)];
}

/** [batch, samples] to [2 (real, imaginary), batch, frames, fftSize / 2 + 1], by matrix products. */
export function analyseTensor(audio: tf.Tensor, { fftSize, hop, frames, offset, window }: Framing): tf.Tensor4D {
  return tf.tidy(() => {
    const [batch, samples] = audio.shape as [number, number];
    const pieces = Math.ceil(fftSize / hop);
    const length = (frames + pieces - 1) * hop;
    const padded = tf.pad(audio, [
      [0, 0],
      [offset, Math.max(0, length - offset - samples)],
    ]);
    const blocks = Array.from({ length: pieces }, (_, piece) =>
      tf.reshape(tf.slice(padded, [0, piece * hop], [batch, frames * hop]), [batch * frames, hop]),
    );
    const framed = tf.slice(tf.concat(blocks, 1), [0, 0], [batch * frames, fftSize]);
    const windowed = tf.mul(framed, tf.tensor2d(Float32Array.from(window), [1, fftSize]));
    const bins = fftSize / 2 + 1;
    return tf.reshape(tf.stack(realDft(windowed, fftSize)), [2, batch, frames, bins]);
  });
}

/** The exact adjoint of {@link analyseTensor}: [2, batch, frames, bins] to [batch, samples]. */
export function adjointTensor(
  spectrum: tf.Tensor,
  { fftSize, hop, frames, offset, window }: Framing,
  samples: number,
): tf.Tensor2D {
  return tf.tidy(() => {
    const batch = spectrum.shape[1]!;
    const [real, imaginary] = tf.unstack(tf.reshape(spectrum, [2, batch * frames, fftSize / 2 + 1])) as [tf.Tensor, tf.Tensor];
    const windowed = tf.mul(realDftAdjoint(real, imaginary, fftSize), tf.tensor2d(Float32Array.from(window), [1, fftSize]));
    const pieces = Math.ceil(fftSize / hop);
    const full = tf.pad(windowed, [
      [0, 0],
      [0, pieces * hop - fftSize],
    ]);
    const blocks = Array.from({ length: pieces }, (_, piece) =>
      tf.pad(tf.reshape(tf.slice(full, [0, piece * hop], [batch * frames, hop]), [batch, frames * hop]), [
        [0, 0],
        [piece * hop, (pieces - 1 - piece) * hop],
      ]),
    );
    const length = (frames + pieces - 1) * hop;
    const missing = Math.max(0, offset + samples - length);
    // Not addN: webgpu binds eight buffers at most and then silently returns nothing.
    const sum = tf.pad(
      blocks.reduce((total, block) => tf.add(total, block)),
      [
        [0, 0],
        [0, missing],
      ],
    );
    return tf.slice(sum, [0, offset], [batch, samples]) as tf.Tensor2D;
  });
}
