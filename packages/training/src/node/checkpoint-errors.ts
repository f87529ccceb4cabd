import { GansynthError } from '@gansynth/common/errors';
import { define } from '../errors.js';

/** Why a checkpoint is not used: `damaged` (its files are not what was saved) or `foreign` (another run, another format). */
export interface Refusal {
  /** The checkpoint's directory. */
  readonly path: string;
  readonly kind: 'damaged' | 'foreign';
  readonly reason: string;
}

/** A checkpoint that was asked for cannot be used. */
export class CheckpointRefusedError extends GansynthError {
  static {
    define(this, 'CheckpointRefusedError');
  }

  constructor(readonly refusal: Refusal) {
    super(`checkpoint ${refusal.path}: ${refusal.kind}: ${refusal.reason}`);
  }
}

/** There are checkpoints, but none can be used: starting afresh must be somebody's decision. */
export class NoWholeCheckpointError extends GansynthError {
  static {
    define(this, 'NoWholeCheckpointError');
  }

  constructor(
    readonly directory: string,
    readonly refusals: readonly Refusal[],
  ) {
    super(
      `checkpoint store ${directory}: expected a whole checkpoint, found ${refusals.length} that cannot be used:\n` +
        refusals.map(({ path, kind, reason }) => `  ${path}: ${kind}: ${reason}`).join('\n') +
        '\nMove them away to start afresh.',
    );
  }
}
