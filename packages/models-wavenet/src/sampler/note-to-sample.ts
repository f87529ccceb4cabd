import type { Embedding } from '../autoencoder/embedding.js';

/** A note to be sampled. */
export interface NoteToSample {
  /** Decides the note, among what its conditioning allows: whole number in [0, 2^53). */
  readonly seed: number;
  /** Position in the network's pitches; -1 (default): none. For networks that know pitches. */
  readonly label?: number;
  /** What it shall sound like: frames of an encoder. For networks that are conditioned by frames. */
  readonly embedding?: Embedding;
}
