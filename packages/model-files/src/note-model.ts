import type { Tensor } from '@tensorflow/tfjs-core';
import type { ModelFamily } from './manifest/model-manifest.js';

/** Where in a model's space of timbres a note lies: numbers of a normal or uniform distribution, whichever the model has learned from. */
export type Latent = Float32Array<ArrayBufferLike>;

/** How hard notes are struck: another timbre, not another level, which is the player's. */
export interface NoteDynamics {
  /** MIDI velocities of the notes that the model has learned, ascending. */
  readonly velocities: readonly number[];
  /**
   * The same timbre, struck so hard.
   *
   * @param velocity MIDI, 0 to 127; between those it has learned lies what is between them, beyond them the nearest is taken
   */
  latentWithVelocity(latent: ArrayLike<number>, velocity: number): Latent;
}

/** What every model of notes offers, whatever its family: `voice` needs no more to make sound of one. */
export interface NoteModel {
  readonly family: ModelFamily;
  /** What it has learned, MIDI, ascending; the position is the label. */
  readonly pitches: readonly number[];
  /** Names of the instruments it tells apart; none if it tells none. */
  readonly instruments: readonly string[];
  /** Length of a latent. */
  readonly latentSize: number;
  /** Shape of one note: [frames, bins, channels] of an image, [samples, 1, channels] of a waveform. */
  readonly outputShape: readonly number[];
  /** Only of a model that has learned notes of several velocities and tells them apart. */
  readonly dynamics?: NoteDynamics;
  /** Notes that are best computed at once, where the model knows better than its backend: whoever asks for many asks for as many at a time. */
  readonly notesAtOnce?: number;
  /** What its last notes were computed with, in words, where that is not its backend alone. */
  readonly drawnWith?: string | undefined;
  /** Latents of a seed, distributed as the model expects; the i-th is the same however many are drawn, on every backend. */
  draw(count: number, options: { readonly seed: number }): Latent[];
  /**
   * Computes notes.
   *
   * @param latents one a note, each of {@link NoteModel.latentSize} numbers
   * @param labels one a note: positions in {@link NoteModel.pitches}
   * @param options.signal ends it within one step of the computation
   * @returns [notes, ...outputShape], as the model's representation decodes it; the caller frees it
   */
  generate(
    latents: readonly ArrayLike<number>[],
    labels: ArrayLike<number>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Tensor>;
  dispose(): void;
}
