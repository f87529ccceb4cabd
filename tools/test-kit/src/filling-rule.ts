/**
 * Numbers by rule instead of from a file: what the weights of the golden networks are (golden/README.md has the formula).
 *
 * @param count how many
 * @param stream which of the independent streams (`k` in the JSON files)
 * @param scale their standard deviation; the mean is 0
 * @returns uniform numbers, computed in double precision and rounded once
 */
export function fillingRule(count: number, stream: number, scale: number, seed = 11): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    let h = Math.imul(i + 1, 0x9e3779b1) ^ (Math.imul(stream, 0x85ebca77) + Math.imul(seed, 0xc2b2ae3d));
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h = (h ^ (h >>> 16)) >>> 0;
    return Math.sqrt(12) * ((h + 0.5) / 2 ** 32 - 0.5) * scale;
  });
}
