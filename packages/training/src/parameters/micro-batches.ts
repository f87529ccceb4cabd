/** A half-open range of the examples of a batch. */
export interface MicroBatch {
  readonly start: number;
  readonly size: number;
}

/**
 * A batch as micro-batches of at most `limit` examples, as even as possible: their statistics are then most alike.
 *
 * @param limit null: the whole batch at once
 */
export function microBatches(batchSize: number, limit: number | null): MicroBatch[] {
  const count = limit === null ? 1 : Math.ceil(batchSize / limit);
  return Array.from({ length: count }, (_, index) => {
    const start = Math.floor((index * batchSize) / count);
    return { start, size: Math.floor(((index + 1) * batchSize) / count) - start };
  });
}
