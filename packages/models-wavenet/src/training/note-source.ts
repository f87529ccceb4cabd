/** Notes with their labels. */
export interface NoteBatch {
  /** Samples in [-1, 1], one array a note, each as long as asked for. */
  readonly audio: readonly Float32Array[];
  /** Class indices (positions in the network's pitches), one a note; -1 for an unknown pitch. */
  readonly labels: Int32Array;
}

/** What a training needs to know of the notes it is about to use. */
export interface NoteRequest {
  /** Length of a note; the training cuts its own pieces of it. */
  readonly samples: number;
  readonly signal?: AbortSignal;
}

/** Where notes come from. */
export interface NoteSource {
  next(batchSize: number, request: NoteRequest): Promise<NoteBatch>;
  /** Where the source stands, as JSON: going on from there gives the same notes. */
  state(): unknown;
  /** Puts the source where `state` says; needed to resume a training. */
  restore?(state: unknown): void | Promise<void>;
}
