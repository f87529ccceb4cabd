import { ValueError } from '../errors.js';

/**
 * Kendall's tau-b of two rankings of the same things: 1 where every pair stands in the same order in both, -1 where in the opposite one. Pairs
 * that are equal in one of them count in neither.
 *
 * @param a, b a number for each thing, in the same order
 * @returns -1 .. 1; `null` where one of them says of no pair which comes first
 * @throws ValueError for lists of different lengths, fewer than two things, or a number that is not finite
 * @see Kendall 1945
 */
export function kendallTau(a: readonly number[], b: readonly number[]): number | null {
  if (a.length !== b.length || a.length < 2)
    throw new ValueError(`kendallTau: expected two lists of the same two or more things, found ${a.length} and ${b.length}.`, a);
  const odd = [...a, ...b].find((value) => !Number.isFinite(value));
  if (odd !== undefined) throw new ValueError(`kendallTau: expected finite numbers, found ${odd}.`, odd);
  let [agreement, orderedInA, orderedInB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      const [inA, inB] = [Math.sign(a[i]! - a[j]!), Math.sign(b[i]! - b[j]!)];
      agreement += inA * inB;
      orderedInA += Math.abs(inA);
      orderedInB += Math.abs(inB);
    }
  }
  return orderedInA === 0 || orderedInB === 0 ? null : agreement / Math.sqrt(orderedInA * orderedInB);
}
