const refusedMarker: symbol = Symbol.for('gansynth.training.CheckpointRefusedError');
const noneMarker: symbol = Symbol.for('gansynth.training.NoWholeCheckpointError');

/** Why a checkpoint is not used: `damaged` (its files are not what was saved) or `foreign` (another run, another format). */
export interface Refusal {
  /** The checkpoint's directory. */
  readonly path: string;
  readonly kind: 'damaged' | 'foreign';
  readonly reason: string;
}

/** A checkpoint that was asked for cannot be used. */
export class CheckpointRefusedError extends Error {
  constructor(readonly refusal: Refusal) {
    super(`training: checkpoint ${refusal.path}: ${refusal.kind}: ${refusal.reason}`);
    this.name = 'CheckpointRefusedError';
    Object.defineProperty(this, refusedMarker, { value: true });
  }

  static isInstance(error: unknown): error is CheckpointRefusedError {
    return error instanceof Error && refusedMarker in error;
  }
}

/** There are checkpoints, but none can be used: starting afresh must be somebody's decision. */
export class NoWholeCheckpointError extends Error {
  constructor(
    readonly directory: string,
    readonly refusals: readonly Refusal[],
  ) {
    super(
      `training: checkpoint store ${directory}: expected a whole checkpoint, found ${refusals.length} that cannot be used:\n` +
        refusals.map(({ path, kind, reason }) => `  ${path}: ${kind}: ${reason}`).join('\n') +
        '\nMove them away to start afresh.',
    );
    this.name = 'NoWholeCheckpointError';
    Object.defineProperty(this, noneMarker, { value: true });
  }

  static isInstance(error: unknown): error is NoWholeCheckpointError {
    return error instanceof Error && noneMarker in error;
  }
}
