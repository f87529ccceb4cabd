/** Reproducible noise in [-scale, scale), the same on every backend. */
export function noise(length: number, { seed = 1, scale = 0.5 }: { seed?: number; scale?: number } = {}): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return scale * (state / 2 ** 31 - 1);
  });
}

/** Eight decaying harmonics of 220 Hz: the test signal of the reference's printed numbers. */
export function harmonicDecay(samples = 64_000, sampleRate = 16_000): Float32Array {
  return Float32Array.from({ length: samples }, (_, n) => {
    const t = n / sampleRate;
    let value = 0;
    for (let k = 1; k <= 8; k++) value += (0.5 / k) * Math.sin(2 * Math.PI * 220 * k * t + 0.3 * k);
    return Math.exp(-t) * value;
  });
}

/** Distance of two angles given in half turns, on a circle of circumference 2. */
export const apart = (a: number, b: number): number => Math.abs(a - b - 2 * Math.round((a - b) / 2));
