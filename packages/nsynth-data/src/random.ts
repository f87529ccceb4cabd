/** Mixes 32-bit words into one (the finaliser of MurmurHash3 after each word): equal on every platform. */
function mix(words: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const word of words) {
    hash = Math.imul(hash ^ word, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

/** A stream of 32-bit words that depends on `seed` and `stream` alone (splitmix32). */
function words(seed: number, stream: number): () => number {
  let state = mix([seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, stream >>> 0]);
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let word = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return (word ^ (word >>> 15)) >>> 0;
  };
}

/**
 * The numbers 0 to `length - 1` in an order that depends on the arguments alone (Fisher and Yates).
 *
 * @param seed any safe integer
 * @param stream tells apart several permutations of one seed, such as the epochs of a training
 */
export function permutation(length: number, seed: number, stream = 0): Uint32Array {
  const next = words(seed, stream);
  const order = Uint32Array.from({ length }, (_, index) => index);
  for (let last = length - 1; last > 0; last--) {
    const bound = last + 1;
    // Words at or above the largest multiple of `bound` would favour small positions: they are drawn again.
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let word = next();
    while (word >= limit) word = next();
    const other = word % bound;
    const kept = order[last]!;
    order[last] = order[other]!;
    order[other] = kept;
  }
  return order;
}
