import type { FileSink, ModelInfo } from '@gansynth/model-files';
import type { Dataset } from '@gansynth/nsynth-data';
import type { Representation } from '@gansynth/spectral';
import type { TrainingTask } from '@gansynth/training';
import type { Context } from '../app/command.js';

/** What a family gets to train with. */
export interface TrainingMaterial {
  /** What is trained on. */
  readonly notes: Dataset;
  /** What is kept for evaluation; the same where the recipe does not split. */
  readonly heldOut: Dataset;
  /** How often each of the recipe's pitches occurs in them. */
  readonly pitchCounts: readonly number[];
  /** Where what is measured on the notes is kept, so that a resumed run has the same. */
  readonly normaliserFile: string;
  /** Memory for encoded notes, in bytes. */
  readonly cacheBytes?: number | undefined;
  readonly context: Pick<Context, 'signal' | 'progress'>;
}

/** A sound, and the name of its file without an ending. */
export interface NamedSound {
  readonly name: string;
  readonly audio: Float32Array;
}

export interface SamplesWanted {
  readonly count: number;
  /** The same seed, the same ones, whenever they are made. */
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** Makes sounds of a model as it stands, to be listened to. */
export type MakeSamples = (wanted: SamplesWanted) => AsyncIterable<NamedSound>;

/** A training that is under way, whatever it trains. */
export interface Training {
  /** What the loop runs. */
  readonly task: TrainingTask;
  /** How the model's output becomes sound; its manifest names it. */
  readonly representation: Representation;
  /**
   * Saves what sounds are made with as a model.
   *
   * @param use takes sounds of the saved model; it is freed when that is done
   */
  publish(sink: FileSink, info: ModelInfo, use?: (samples: MakeSamples) => Promise<void>): Promise<void>;
  /** Frees the task, and stops reading notes. */
  close(): Promise<void>;
}
