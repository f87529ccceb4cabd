/** Softmax of `length` logits from `offset`, in double precision, into `out`; returns the sum of p ln p, in nats (minus the entropy). */
export function softmaxRow(data: ArrayLike<number>, offset: number, length: number, out: Float64Array): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < length; i++) highest = Math.max(highest, data[offset + i]!);
  let total = 0;
  let weighted = 0;
  for (let i = 0; i < length; i++) {
    const x = data[offset + i]! - highest;
    const e = Math.exp(x);
    out[i] = e;
    total += e;
    // exp(-745) is 0, and so is its share of the entropy
    if (e > 0) weighted += e * x;
  }
  for (let i = 0; i < length; i++) out[i]! /= total;
  return weighted / total - Math.log(total);
}

/** Index of the highest of `length` values from `offset`; the first of equals. */
export function argMaxRow(data: ArrayLike<number>, offset: number, length: number): number {
  let best = 0;
  for (let i = 1; i < length; i++) if (data[offset + i]! > data[offset + best]!) best = i;
  return best;
}
