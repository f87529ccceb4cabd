import type { Say } from './family.js';

interface Batches {
  readonly batchSize: number | number[];
  readonly microBatch?: number | undefined;
}

/** A batch is made of whole micro-batches. */
export function checkMicroBatch({ batchSize, microBatch }: Batches, say: Say): void {
  if (microBatch === undefined) return;
  const bad = [batchSize].flat().find((one) => one % microBatch !== 0);
  if (bad !== undefined) say('training.microBatch', `found ${microBatch}: it does not divide a batch of ${bad}.`);
}
