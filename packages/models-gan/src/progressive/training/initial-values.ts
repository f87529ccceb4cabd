import { randomStream, type RandomStream } from '@gansynth/common/random';
import { ArgumentError } from '../../errors.js';
import type { PlainTensor } from '@gansynth/model-files';
import type { Variable } from '../network/variables.js';
import { product } from '../operations/operation.js';

/**
 * The value a variable starts with. Each variable has its own random stream, so the value depends on seed and name only, not on which
 * other variables exist or when it is made.
 */
export function initialValue(variable: Variable, seed: number, conditioning: PlainTensor<Float32Array> | null): Float32Array {
  const { name, shape, initial } = variable;
  const size = product(shape);
  if (initial.kind === 'zeros') return new Float32Array(size);
  if (initial.kind === 'table') {
    if (conditioning === null || conditioning.data.length !== size || conditioning.shape.join() !== shape.join()) {
      throw new ArgumentError(
        'conditioning',
        `expected a table of shape [${shape}] (pitches, bins, features), found ${conditioning ? `[${conditioning.shape}]` : 'none'}.`,
        conditioning?.shape,
      );
    }
    return conditioning.data.slice();
  }
  const stream = randomStream(seed, `init/${name}`);
  const values = stream.normalValues(size);
  if (initial.kind === 'truncatedNormal') truncate(values, stream);
  if (initial.deviation !== 1) for (let i = 0; i < size; i++) values[i] = values[i]! * initial.deviation;
  return values;
}

/** Draws again, in place, until every value lies within two deviations. */
function truncate(values: Float32Array, stream: RandomStream): void {
  for (let i = 0; i < values.length; i++) {
    while (Math.abs(values[i]!) > 2) values[i] = stream.normalValues(1)[0]!;
  }
}
