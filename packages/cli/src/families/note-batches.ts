import type { BatchCursor, BatchLoader, BatchOptions, Dataset } from '@gansynth/nsynth-data';

type Batch = Awaited<ReturnType<BatchLoader['next']>>['value'];

/**
 * Batches of notes without an end, in a seeded order that goes on exactly where a saved state left it, whatever the size of each batch.
 */
export class NoteBatches {
  readonly #dataset: Dataset;
  readonly #options: Omit<BatchOptions, 'batchSize' | 'cursor'>;
  #loader: { readonly batchSize: number; readonly batches: BatchLoader } | undefined;
  #cursor: BatchCursor | undefined;

  constructor(dataset: Dataset, options: Omit<BatchOptions, 'batchSize' | 'cursor'>) {
    this.#dataset = dataset;
    this.#options = options;
  }

  async next(batchSize: number): Promise<NonNullable<Batch>> {
    const { value, done } = await this.#batches(batchSize).next();
    if (done) throw new Error('cli: the stream of notes ended, though it has no end');
    this.#cursor = value.cursor;
    return value;
  }

  state(): BatchCursor | null {
    return this.#cursor ?? null;
  }

  restore(state: unknown): void {
    void this.#loader?.batches.return();
    this.#cursor = (state as BatchCursor | null) ?? undefined;
    this.#loader = undefined;
  }

  /** Stops reading ahead. */
  async close(): Promise<void> {
    await this.#loader?.batches.return();
    this.#loader = undefined;
  }

  #batches(batchSize: number): BatchLoader {
    if (this.#loader?.batchSize !== batchSize) {
      void this.#loader?.batches.return();
      const cursor = this.#cursor === undefined ? {} : { cursor: this.#cursor };
      this.#loader = { batchSize, batches: this.#dataset.batches({ ...this.#options, batchSize, ...cursor }) };
    }
    return this.#loader.batches;
  }
}
