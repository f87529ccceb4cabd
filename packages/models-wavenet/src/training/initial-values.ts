import { randomStream } from '@gansynth/common/random';
import type { Variable } from '../network/variables.js';

/** Kernels uniform within sqrt(3 / inputs), biases zero, as the original starts; a stream of its own for each variable. */
export function initialValues({ name, shape, fanIn }: Variable, seed: number): Float32Array {
  const size = shape.reduce((product, side) => product * side, 1);
  if (fanIn === null) return new Float32Array(size);
  const limit = Math.sqrt(3 / fanIn);
  return randomStream(seed, `init/${name}`)
    .uniformValues(size)
    .map((value) => limit * (2 * value - 1));
}
