const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const parity = 0x1bd11bda;

/** A 64-bit key or counter as two 32-bit words. */
export type Words = readonly [number, number];

/**
 * Threefry-2x32 with 20 rounds: a bijection of 64-bit counters for every 64-bit key that passes the usual tests of randomness, made
 * of 32-bit additions, rotations and exclusive ors only, so it gives the same on every machine.
 *
 * @returns two unsigned 32-bit words
 * @see Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011
 */
export function threefry2x32([k0, k1]: Words, [c0, c1]: Words): [number, number] {
  const keys = [k0, k1, parity ^ k0 ^ k1] as const;
  let x0 = (c0 + k0) | 0;
  let x1 = (c1 + k1) | 0;
  for (let round = 0; round < 20; round++) {
    const r = rotations[round & 7] as number;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << r) | (x1 >>> (32 - r))) ^ x0;
    if ((round & 3) === 3) {
      const injection = (round >> 2) + 1;
      x0 = (x0 + keys[injection % 3]!) | 0;
      x1 = (x1 + keys[(injection + 1) % 3]! + injection) | 0;
    }
  }
  return [x0 >>> 0, x1 >>> 0];
}
