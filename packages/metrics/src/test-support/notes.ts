/** Notes for tests: made by formula where the truth has to be known exactly. */

/** Sum of harmonics k * hertz with amplitudes `partials[k - 1]`, partials above the Nyquist frequency left out; phases spread by k. */
export function tone(
  hertz: number,
  {
    partials = [1],
    seconds = 1,
    sampleRate = 16000,
  }: { partials?: readonly number[]; seconds?: number; sampleRate?: number } = {},
): Float32Array {
  const audio = new Float32Array(Math.round(seconds * sampleRate));
  for (let n = 0; n < audio.length; n++) {
    let sum = 0;
    for (const [i, amplitude] of partials.entries()) {
      const frequency = (i + 1) * hertz;
      if (frequency < sampleRate / 2) sum += amplitude * Math.sin((2 * Math.PI * frequency * n) / sampleRate + i * i);
    }
    audio[n] = 0.3 * sum;
  }
  return audio;
}

/** Uniform noise in [-amplitude, amplitude] from a multiplicative generator: the same on every run. */
export function noise(length: number, amplitude = 1, seed = 1): Float32Array {
  const uniform = uniforms(seed);
  return Float32Array.from({ length }, () => amplitude * (2 * uniform() - 1));
}

/** Uniform numbers in [0, 1), the same on every run. */
export function uniforms(seed = 1): () => number {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal numbers, the same on every run. */
export function normals(seed = 1): () => number {
  const uniform = uniforms(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
