import FFT from 'fft.js';

/** Discrete Fourier transforms of real signals in double precision, with the buffers of one size kept. */
export interface RealFft {
  readonly size: number;
  /** Interleaved re, im of bins 0 .. size/2 of `frame` (length `size`); the array is reused by the next call. */
  transform(frame: Float64Array): Float64Array;
  /** Real signal of length `size` whose bins 0 .. size/2 are given; the array is reused by the next call. */
  inverse(spectrum: ArrayLike<number>): Float64Array;
}

/** @param size a power of two, 2 or more */
export function realFft(size: number): RealFft {
  const fft = new FFT(size);
  const spectrum = new Float64Array(2 * size);
  const full = new Float64Array(2 * size);
  const signal = new Float64Array(2 * size);
  const real = new Float64Array(size);
  return {
    size,
    transform(frame) {
      fft.realTransform(spectrum as unknown as number[], frame as unknown as number[]);
      return spectrum;
    },
    inverse(half) {
      for (let i = 0; i < size + 2; i++) full[i] = half[i] as number;
      fft.completeSpectrum(full as unknown as number[]);
      fft.inverseTransform(signal as unknown as number[], full as unknown as number[]);
      for (let i = 0; i < size; i++) real[i] = signal[2 * i] as number;
      return real;
    },
  };
}

/** Smallest power of two that is not below `length`. */
export const powerOfTwoFrom = (length: number): number => 2 ** Math.ceil(Math.log2(Math.max(2, length)));

/** Periodic Hann window, 0.5 - 0.5 cos(2 pi n / size). */
export function hann(size: number): Float64Array {
  const window = new Float64Array(size);
  for (let n = 0; n < size; n++) window[n] = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size);
  return window;
}
