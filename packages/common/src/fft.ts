import FFT from 'fft.js';

/** Discrete Fourier transform of real frames in double precision, one at a time; buffers are kept and reused. */
export interface RealFft {
  readonly size: number;
  /** Bins 0 ... size / 2 of `frame` (length `size`), interleaved re, im: X[k] = sum over n of x[n] exp(-2 pi i k n / size). Reused by the next call. */
  transform(frame: Float64Array): Float64Array;
  /** The real frame whose bins 0 ... size / 2 are given, interleaved; scaled by 1 / size. Reused by the next call. */
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
      fft.realTransform(spectrum, frame);
      return spectrum;
    },
    inverse(half) {
      for (let i = 0; i < size + 2; i++) full[i] = half[i]!;
      fft.completeSpectrum(full);
      fft.inverseTransform(signal, full);
      for (let i = 0; i < size; i++) real[i] = signal[2 * i]!;
      return real;
    },
  };
}

/** Half spectrum of one real frame: bins 0 ... size / 2. */
export interface HalfSpectrum {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

export const halfSpectrum = (size: number): HalfSpectrum => ({
  real: new Float64Array(size / 2 + 1),
  imaginary: new Float64Array(size / 2 + 1),
});

/** The DFT of real frames, two at a time: they travel as real and imaginary part of one complex transform. Buffers are reused. */
export class PairedRealFft {
  readonly size: number;
  /** Two frames, interleaved: a[0], b[0], a[1], b[1], ... Input of `forward`, output of `inverse`. */
  readonly frames: Float64Array;
  /** Spectra of frame a and frame b. Output of `forward`, input of `inverse`. */
  readonly a: HalfSpectrum;
  readonly b: HalfSpectrum;
  readonly #fft: FFT;
  readonly #complex: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.frames = new Float64Array(2 * size);
    this.#complex = new Float64Array(2 * size);
    this.a = halfSpectrum(size);
    this.b = halfSpectrum(size);
    this.#fft = new FFT(size);
  }

  /** X[k] = sum over n of x[n] exp(-2 pi i k n / size), unscaled, for both frames. */
  forward(): void {
    const { size, a, b } = this;
    const z = this.#complex;
    this.#fft.transform(z, this.frames);
    const half = size / 2;
    for (let k = 0; k <= half; k++) {
      const i = 2 * k;
      const j = k === 0 ? 0 : 2 * (size - k);
      const re = z[i]!;
      const im = z[i + 1]!;
      const mirrorRe = z[j]!;
      const mirrorIm = z[j + 1]!;
      a.real[k] = 0.5 * (re + mirrorRe);
      a.imaginary[k] = 0.5 * (im - mirrorIm);
      b.real[k] = 0.5 * (im + mirrorIm);
      b.imaginary[k] = 0.5 * (mirrorRe - re);
    }
  }

  /** The inverse of `forward`, scaled by 1 / size; imaginary parts of bin 0 and size / 2 are ignored. */
  inverse(): void {
    const { size, a, b } = this;
    const z = this.#complex;
    const half = size / 2;
    z[0] = a.real[0]!;
    z[1] = b.real[0]!;
    z[size] = a.real[half]!;
    z[size + 1] = b.real[half]!;
    for (let k = 1; k < half; k++) {
      const i = 2 * k;
      const j = 2 * (size - k);
      const ar = a.real[k]!;
      const ai = a.imaginary[k]!;
      const br = b.real[k]!;
      const bi = b.imaginary[k]!;
      z[i] = ar - bi;
      z[i + 1] = ai + br;
      z[j] = ar + bi;
      z[j + 1] = br - ai;
    }
    this.#fft.inverseTransform(this.frames, z);
  }
}

const pairs = new Map<number, PairedRealFft>();

/** The shared paired transform of one size; safe because every use of its buffers is synchronous. */
export function pairedRealFft(size: number): PairedRealFft {
  let fft = pairs.get(size);
  if (fft === undefined) pairs.set(size, (fft = new PairedRealFft(size)));
  return fft;
}

/** Smallest power of two that is not below `length`. */
export const powerOfTwoFrom = (length: number): number => 2 ** Math.ceil(Math.log2(Math.max(2, length)));
