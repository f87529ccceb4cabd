import { ArgumentError } from '../errors.js';
import type { ProcessShare } from './gradient-sum.js';
import type { MicroBatch } from './micro-batches.js';

/**
 * The micro-batches that are one process's: equal shares, in order.
 *
 * @param name what is updated, for messages
 * @throws ArgumentError unless each share is a power of two: the sum would then depend on the number of processes
 */
export function shareOfBatch(parts: readonly MicroBatch[], { rank, ranks }: ProcessShare, name: string): readonly MicroBatch[] {
  if (!(Number.isInteger(ranks) && ranks >= 1 && Number.isInteger(rank) && rank >= 0 && rank < ranks)) {
    throw new ArgumentError('reduceGradients', `expected one of n processes, 0 to n - 1, found ${rank} of ${ranks}.`, rank);
  }
  if (ranks === 1) return parts;
  const each = parts.length / ranks;
  if (!Number.isInteger(Math.log2(each)) || each < 1) {
    throw new ArgumentError(
      'reduceGradients',
      `${name}: expected 1, 2, 4, 8, ... micro-batches for each of ${ranks} processes, found ${parts.length} for all. ` +
        'Choose another microBatchSize, or another number of processes.',
      parts.length,
    );
  }
  return parts.slice(rank * each, (rank + 1) * each);
}
