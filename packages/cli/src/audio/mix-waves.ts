/**
 * Two sounds added up, the second with this share, [0, 1]: interpolation in the wave domain, as figure 4 of the paper compares with.
 *
 * @returns as long as the longer one
 */
export function mixWaves(first: Float32Array, second: Float32Array, share: number): Float32Array {
  const length = Math.max(first.length, second.length);
  return new Float32Array(length).map((_, n) => (1 - share) * (first[n] ?? 0) + share * (second[n] ?? 0));
}
