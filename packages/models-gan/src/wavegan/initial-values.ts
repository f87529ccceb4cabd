import { randomStream } from '@gansynth/common/random';
import type { Variable } from '../progressive/network/variables.js';
import { product } from '../progressive/operations/operation.js';

/** Uniform with the variance the variable's specification gives, as the original starts; a stream of its own for each variable. */
export function glorotUniform({ name, shape, initial }: Variable, seed: number): Float32Array {
  const size = product(shape);
  if (initial.kind !== 'normal') return new Float32Array(size);
  const limit = Math.sqrt(3) * initial.deviation;
  return randomStream(seed, `init/${name}`)
    .uniformValues(size)
    .map((value) => limit * (2 * value - 1));
}
