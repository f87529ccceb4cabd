/**
 * The original's algorithms written out as plainly as possible, in double precision: dense matrices, sums over every term, no shared
 * code with the package. Slow; meant for images of a few hundred bins.
 */
export interface Case {
  readonly kind: 'phase' | 'if' | 'if-mel';
  readonly frames: number;
  readonly bins: number;
  readonly samples: number;
  readonly sampleRate: number;
  readonly trim: 'dc' | 'nyquist';
  readonly overlap: number;
}

export type Matrix = number[][];

const get = (m: Matrix, i: number, j: number): number => m[i]![j]!;
const matrix = (rows: number, columns: number, f: (i: number, j: number) => number): Matrix =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => f(i, j)));
const sum = (count: number, f: (i: number) => number): number => {
  let total = 0;
  for (let i = 0; i < count; i++) total += f(i);
  return total;
};
const multiply = (a: Matrix, b: Matrix): Matrix =>
  matrix(a.length, b[0]!.length, (i, j) => sum(b.length, (k) => get(a, i, k) * get(b, k, j)));
const map = (m: Matrix, f: (x: number) => number): Matrix => m.map((row) => row.map(f));

export const hann = (length: number): number[] =>
  Array.from({ length }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / length));

/** X[k] = sum over n of x[n] exp(-2 pi i k n / N), k = 0 ... N / 2, frame by frame. */
export function naiveStft(
  audio: ArrayLike<number>,
  window: readonly number[],
  hop: number,
  padLeft: number,
  frames: number,
): { real: Matrix; imaginary: Matrix } {
  const size = window.length;
  const sample = (t: number, n: number): number => (audio[t * hop + n - padLeft] ?? 0) * window[n]!;
  const angle = (k: number, n: number): number => (2 * Math.PI * ((k * n) % size)) / size;
  return {
    real: matrix(frames, size / 2 + 1, (t, k) => sum(size, (n) => sample(t, n) * Math.cos(angle(k, n)))),
    imaginary: matrix(frames, size / 2 + 1, (t, k) => sum(size, (n) => -sample(t, n) * Math.sin(angle(k, n)))),
  };
}

const floorMod = (a: number, b: number): number => a - b * Math.floor(a / b);

/** Unwraps down the rows (frames), step by step as numpy and the original do. */
export function naiveUnwrap(phase: Matrix): Matrix {
  const corrections = matrix(phase.length, phase[0]!.length, (t, k) => {
    if (t === 0) return 0;
    const d = get(phase, t, k) - get(phase, t - 1, k);
    let m = floorMod(d + Math.PI, 2 * Math.PI) - Math.PI;
    if (m === -Math.PI && d > 0) m = Math.PI;
    return m - d;
  });
  return matrix(phase.length, phase[0]!.length, (t, k) => get(phase, t, k) + sum(t + 1, (s) => get(corrections, s, k)));
}

export function naiveFrequency(phase: Matrix): Matrix {
  const u = naiveUnwrap(phase);
  return matrix(u.length, u[0]!.length, (t, k) => (get(u, t, k) - (t === 0 ? 0 : get(u, t - 1, k))) / Math.PI);
}

export const naiveCumulate = (frequency: Matrix): Matrix =>
  matrix(frequency.length, frequency[0]!.length, (t, k) => Math.PI * sum(t + 1, (s) => get(frequency, s, k)));

const mel = (f: number): number => 1127 * Math.log(1 + f / 700);
const hertz = (m: number): number => 700 * (Math.exp(m / 1127) - 1);

/** The mel matrix with its edges edited in place, [bins, bins]. */
export function naiveMelMatrix(bins: number, sampleRate: number): Matrix {
  const top = sampleRate / 2;
  const edges = Array.from({ length: bins + 2 }, (_, i) => (mel(top) * i) / (bins + 1));
  const threshold = (1.5 * top) / bins;
  for (let i = 0; i < bins; i++) {
    if (hertz(edges[i + 2]!) - hertz(edges[i]!) < threshold) {
      const r = (0.5 * threshold) / (hertz(edges[i + 1]!) + 700);
      const d = 1127 * Math.log(r + Math.sqrt(1 + r * r));
      edges[i] = edges[i + 1]! - d;
      edges[i + 2] = edges[i + 1]! + d;
    }
  }
  const e = edges.map(hertz);
  return matrix(bins, bins, (k, m) => {
    if (k === 0) return 0;
    const f = (k * top) / (bins - 1);
    const [lower, centre, upper] = [e[m], e[m + 1], e[m + 2]] as [number, number, number];
    return Math.max(0, Math.min((f - lower) / (centre - lower), (upper - f) / (upper - centre)));
  });
}

/** Transpose times diag(1 / s), s from the full product W W^T. */
export function naiveInverseMelMatrix(w: Matrix): Matrix {
  const product = multiply(
    w,
    matrix(w[0]!.length, w.length, (i, j) => get(w, j, i)),
  );
  const s = Array.from({ length: w.length }, (_, k) => sum(w.length, (j) => get(product, j, k)));
  return matrix(w[0]!.length, w.length, (m, k) => {
    const scale = s[k]!;
    return get(w, k, m) * (Math.abs(scale) > 1e-8 ? 1 / scale : scale);
  });
}

const sizes = ({ bins, overlap, frames, samples }: Case) => {
  const fftSize = 2 * bins;
  const hop = fftSize * (1 - overlap);
  return { fftSize, hop, padLeft: hop * (frames - 1) + fftSize - samples };
};

/** One image, flat [frames, bins, 2]. */
export function naiveEncode(audio: ArrayLike<number>, options: Case): number[] {
  const { kind, frames, bins, trim, sampleRate } = options;
  const { fftSize, hop, padLeft } = sizes(options);
  const { real, imaginary } = naiveStft(audio, hann(fftSize), hop, padLeft, frames);
  const first = trim === 'dc' ? 1 : 0;
  const level = matrix(frames, bins, (t, k) =>
    Math.log(Math.hypot(get(real, t, k + first), get(imaginary, t, k + first)) + 1e-6),
  );
  const phase = matrix(frames, bins, (t, k) => Math.atan2(get(imaginary, t, k + first), get(real, t, k + first)));
  if (kind === 'phase')
    return interleave(
      level,
      map(phase, (x) => x / Math.PI),
    );
  const frequency = naiveFrequency(phase);
  if (kind === 'if') return interleave(level, frequency);
  const w = naiveMelMatrix(bins, sampleRate);
  const melPower = multiply(
    map(level, (x) => Math.exp(2 * x)),
    w,
  );
  const melPhase = multiply(naiveCumulate(frequency), w);
  return interleave(
    map(melPower, (x) => Math.log(x + 1e-6)),
    naiveFrequency(melPhase),
  );
}

/** Audio of one flat image. */
export function naiveDecode(image: ArrayLike<number>, options: Case): number[] {
  const { kind, frames, bins, samples, trim, sampleRate } = options;
  const { fftSize, hop, padLeft } = sizes(options);
  let level = matrix(frames, bins, (t, k) => image[2 * (t * bins + k)]!);
  const turn = matrix(frames, bins, (t, k) => image[2 * (t * bins + k) + 1]!);
  let phase = kind === 'phase' ? map(turn, (x) => x * Math.PI) : naiveCumulate(turn);
  if (kind === 'if-mel') {
    const m = naiveInverseMelMatrix(naiveMelMatrix(bins, sampleRate));
    level = map(multiply(map(level, Math.exp), m), (x) => 0.5 * Math.log(x + 1e-6));
    phase = naiveCumulate(naiveFrequency(multiply(phase, m)));
  }
  const first = trim === 'dc' ? 1 : 0;
  const window = hann(fftSize);
  const overlapEnergy = (n: number): number => sum(fftSize / hop, (j) => window[(n % hop) + j * hop]! ** 2);
  const out = Array.from({ length: hop * (frames - 1) + fftSize }, () => 0);
  for (let t = 0; t < frames; t++) {
    for (let n = 0; n < fftSize; n++) {
      let value = 0;
      for (let j = 0; j < bins; j++) {
        const k = j + first;
        const weight = k === 0 || k === bins ? 1 : 2;
        const angle = (2 * Math.PI * ((k * n) % fftSize)) / fftSize;
        const isReal = k === 0 || k === bins;
        const [m, p] = [Math.exp(get(level, t, j)), get(phase, t, j)];
        value += weight * m * (Math.cos(p) * Math.cos(angle) - (isReal ? 0 : Math.sin(p) * Math.sin(angle)));
      }
      out[t * hop + n] = out[t * hop + n]! + ((value / fftSize) * window[n]!) / overlapEnergy(n);
    }
  }
  return out.slice(padLeft, padLeft + samples);
}

const interleave = (a: Matrix, b: Matrix): number[] => a.flatMap((row, t) => row.flatMap((x, k) => [x, get(b, t, k)]));
