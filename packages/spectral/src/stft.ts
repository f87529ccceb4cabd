import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from './check-options.js';
import * as tf from '@tensorflow/tfjs-core';
import { checkCount, checkTensor, isPowerOfTwo } from './check.js';
import { applyLinear } from './engine/linear.js';
import { checkEngine, useTypedArrays, type EngineName } from './engine/select.js';
import { adjointTensor, analyseTensor } from './engine/tensor-dft.js';
import { adjointTyped, analyseTyped } from './engine/typed-array-dft.js';
import type { Framing } from './engine/frames.js';
import { OptionError, ShapeError } from './errors.js';
import { makeWindow, synthesisWindow } from './windows.js';

export interface StftOptions {
  /** Samples of one transform, a power of two of at least 4. */
  readonly fftSize: number;
  /** Samples from one frame to the next, at most fftSize. Default fftSize / 4. */
  readonly hop?: number | undefined;
  /** Analysis window of fftSize values. Default: periodic Hann. */
  readonly window?: ArrayLike<number> | undefined;
  /** Zeros in front of the audio, in samples. Default 0. */
  readonly padLeft?: number | undefined;
  readonly engine?: EngineName | undefined;
}

/** Their names, each once. */
export const stftOptionNames: OptionNames<StftOptions> = { fftSize: true, hop: true, window: true, padLeft: true, engine: true };

export interface InverseStftOptions extends StftOptions {
  /** Samples to return, after `padLeft` were dropped. Default: all that the frames cover. */
  readonly samples?: number | undefined;
}

/** Their names, each once. */
export const inverseStftOptionNames: OptionNames<InverseStftOptions> = {
  samples: true,
  fftSize: true,
  hop: true,
  window: true,
  padLeft: true,
  engine: true,
};

/** A short-time spectrum as two real tensors [batch, frames, fftSize / 2 + 1]; bin k lies at k sampleRate / fftSize Hz. */
export interface Spectrum {
  readonly real: tf.Tensor3D;
  readonly imaginary: tf.Tensor3D;
}

/**
 * Short-time Fourier transform: zeros in front, frames every `hop` samples, window, real DFT without scaling. Only whole frames
 * count: 1 + floor((padLeft + samples - fftSize) / hop), none is filled up behind.
 *
 * @param audio [batch, samples], any unit
 * @returns [batch, frames, fftSize / 2 + 1], real and imaginary part; an empty batch gives an empty spectrum
 * @throws ShapeError if `audio` is not [batch, samples] or shorter than one frame; OptionError for impossible options;
 * NonFiniteError for NaN or infinity (on GPUs, where looking would stall, the frames concerned become NaN instead)
 */
export function stft(audio: tf.Tensor2D, options: StftOptions): Spectrum {
  checkOptions('stft', options, stftOptionNames);

  checkTensor(audio, 'stft: audio', ['batch', 'samples'], 'Add a batch axis: tf.expandDims(audio, 0)');
  const { fftSize, hop, window, padLeft, engine } = resolve('stft', options);
  const [batch, samples] = audio.shape;
  const frames = 1 + Math.floor((padLeft + samples - fftSize) / hop);
  if (frames < 1) {
    const message = `stft: expected at least fftSize = ${fftSize} samples, found ${padLeft + samples}. Pad the audio, or take a shorter fftSize.`;
    throw new ShapeError(message, audio.shape);
  }
  const framing: Framing = { fftSize, hop, frames, offset: padLeft, window };
  return tf.tidy(() => {
    const [real, imaginary] =
      batch === 0
        ? [tf.zeros([0, frames, fftSize / 2 + 1]), tf.zeros([0, frames, fftSize / 2 + 1])]
        : tf.unstack(analyse(audio, framing, engine));
    return { real: real as tf.Tensor3D, imaginary: imaginary as tf.Tensor3D };
  });
}

/**
 * Inverse of {@link stft} by weighted overlap-add: exact where frames cover the signal fully, and the least-squares answer where a
 * changed spectrum belongs to no signal. The first and last fftSize - hop covered samples are reached by fewer frames and fade.
 *
 * @param spectrum [batch, frames, fftSize / 2 + 1]; imaginary parts of the first and last bin do not matter
 * @returns [batch, samples]
 * @throws ShapeError, OptionError, NonFiniteError as {@link stft}
 * @see Griffin and Lim 1984, equation 6
 */
export function istft({ real, imaginary }: Spectrum, options: InverseStftOptions): tf.Tensor2D {
  checkOptions('istft', options, inverseStftOptionNames);

  const { fftSize, hop, window, padLeft, engine } = resolve('istft', options);
  const bins = fftSize / 2 + 1;
  checkTensor(real, 'istft: spectrum.real', ['batch', 'frames', bins]);
  checkTensor(imaginary, 'istft: spectrum.imaginary', [...real.shape]);
  const [batch, frames] = real.shape;
  if (frames < 1) throw new ShapeError('istft: expected at least one frame, found none.', real.shape);
  const covered = hop * (frames - 1) + fftSize - padLeft;
  const samples = options.samples ?? covered;
  if (!(Number.isInteger(samples) && samples >= 0 && samples <= covered)) {
    const message = `istft: expected samples from 0 to ${covered}, what ${frames} frames cover after padLeft, found ${samples}.`;
    throw new OptionError(message, 'samples', samples);
  }
  if (batch === 0 || samples === 0) return tf.zeros([batch, samples]);
  const framing: Framing = { fftSize, hop, frames, offset: padLeft, window: synthesisWindow(window, hop) };
  return tf.tidy(() => {
    // irfft = adjoint of rfft after weighting: inner bins stand for themselves and their mirror image.
    const weights = Float32Array.from({ length: bins }, (_, k) => (k === 0 || k === bins - 1 ? 1 : 2) / fftSize);
    const weighted = tf.mul(tf.stack([real, imaginary]), tf.tensor4d(weights, [1, 1, 1, bins]));
    return adjoint(weighted, framing, samples, engine);
  });
}

function analyse(audio: tf.Tensor, framing: Framing, engine: EngineName): tf.Tensor4D {
  const samples = audio.shape[1]!;
  return useTypedArrays(engine)
    ? applyLinear(
        audio,
        (x) => analyseTyped(x, framing),
        (y) => adjointTyped(y, framing, samples),
      )
    : applyLinear(
        audio,
        (x) => analyseTensor(x, framing),
        (y) => adjointTensor(y, framing, samples),
      );
}

function adjoint(spectrum: tf.Tensor, framing: Framing, samples: number, engine: EngineName): tf.Tensor2D {
  return useTypedArrays(engine)
    ? applyLinear(
        spectrum,
        (y) => adjointTyped(y, framing, samples),
        (x) => analyseTyped(x, framing),
      )
    : applyLinear(
        spectrum,
        (y) => adjointTensor(y, framing, samples),
        (x) => analyseTensor(x, framing),
      );
}

function resolve(
  what: string,
  options: StftOptions,
): Required<{ [K in keyof StftOptions]: NonNullable<StftOptions[K]> }> & { window: Float64Array } {
  const { fftSize, padLeft = 0, engine = 'auto' } = options;
  if (!isPowerOfTwo(fftSize) || fftSize < 4) {
    throw new OptionError(`${what}: expected fftSize to be a power of two of at least 4, found ${fftSize}.`, 'fftSize', fftSize);
  }
  const hop = checkCount(options.hop ?? fftSize / 4, what, 'hop');
  if (hop > fftSize) {
    throw new OptionError(
      `${what}: expected hop to be at most fftSize = ${fftSize}, found ${hop}. Samples between frames would be lost.`,
      'hop',
      hop,
    );
  }
  checkEngine(engine, what);
  checkCount(padLeft, what, 'padLeft', 0);
  const window = options.window === undefined ? makeWindow('hann', fftSize) : Float64Array.from(options.window);
  if (window.length !== fftSize) {
    throw new OptionError(
      `${what}: expected a window of fftSize = ${fftSize} values, found ${window.length}.`,
      'window',
      window.length,
    );
  }
  return { fftSize, hop, padLeft, window, engine };
}
