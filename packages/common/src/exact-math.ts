/*
 * Logarithm and sine from additions, multiplications and divisions only. `Math.log` and `Math.cos` may differ in their last bit
 * between JavaScript engines; these cannot, so a seed gives the same numbers everywhere.
 */

const floats = new Float64Array(1);
const words = new Uint32Array(floats.buffer);
// The high word of a double holds its exponent; which of the two it is depends on the machine.
floats[0] = 1;
const high = words[1] === 0 ? 0 : 1;

/** ln x for a normal x > 0, within 2e-16 relative. */
export function exactLog(x: number): number {
  floats[0] = x;
  const bits = words[high]!;
  let exponent = (bits >>> 20) - 1023;
  words[high] = (bits & 0xfffff) | 0x3ff00000;
  let mantissa = floats[0] as number;
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent++;
  }
  // ln m = 2 artanh((m - 1) / (m + 1)); |s| <= 0.1716, so the term of s^23 is below 1e-17 of the sum.
  const s = (mantissa - 1) / (mantissa + 1);
  const s2 = s * s;
  let sum = 0;
  for (let k = 21; k >= 1; k -= 2) sum = sum * s2 + 1 / k;
  return exponent * Math.LN2 + 2 * s * sum;
}

/** [cos 2 pi u, sin 2 pi u] for u in [0, 1), within 2e-16 absolute. */
export function exactCosSin(u: number): [cosine: number, sine: number] {
  const octant = Math.round(u * 4);
  const angle = (u - octant / 4) * 2 * Math.PI;
  const a2 = angle * angle;
  // |angle| <= pi / 4: the terms left out are below 1e-17.
  let sine = 0;
  for (let k = 17; k >= 3; k -= 2) sine = ((1 + sine) * -a2) / (k * (k - 1));
  sine = angle * (1 + sine);
  let cosine = 0;
  for (let k = 18; k >= 2; k -= 2) cosine = ((1 + cosine) * -a2) / (k * (k - 1));
  cosine = 1 + cosine;
  switch (octant & 3) {
    case 0:
      return [cosine, sine];
    case 1:
      return [-sine, cosine];
    case 2:
      return [-cosine, -sine];
    default:
      return [sine, -cosine];
  }
}
