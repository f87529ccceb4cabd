import type { FileChecksum } from '../files/file-source.js';
import type { WeightGroup } from '../tensors/weight-groups.js';
import type { JsonObject } from './fields.js';

/** The file of a model's folder that says what the model is. A reader begins with it. */
export const manifestFile = 'gansynth.json';

/** What a published model says of itself besides its network: everything a program needs to make sound of it. */
export interface ModelInfo {
  readonly name?: string;
  readonly description?: string;
  /** How a note of the network becomes audio, as the representation describes itself. Opaque to model packages. */
  readonly representation?: object;
  /** Hz. Opaque to model packages. */
  readonly sampleRate?: number;
  /** Licence of the training data, which decides what the model may be used for. */
  readonly licence?: string;
  /** Measured scores by name. */
  readonly scores?: Readonly<Record<string, number>>;
  /** Anything else (JSON): recipe, training data, authors. */
  readonly details?: JsonObject;
}

/** What the manifests of all families have. */
interface AnyManifest extends ModelInfo {
  readonly format: 'gansynth-model';
  /** 2: names its family and its weights. 1, of older models, is read as what it would be now. */
  readonly version: 2;
  /** Length in bytes and CRC-32C of every other file; empty in the oldest manifests of WaveGANs, which do not have them. */
  readonly files: Readonly<Record<string, FileChecksum>>;
  /** Which file has which weights; null in older manifests: `model.json` says it. */
  readonly weights: readonly WeightGroup[] | null;
}

/** A progressive GAN's generator. */
export interface ProgressiveGanManifest<Network = JsonObject> extends AnyManifest {
  readonly family: 'progressive-gan';
  /** The network as `@gansynth/models-gan` describes it, with pitches and normaliser. */
  readonly network: Network;
  /** How far it has grown: blocks that exist, and the position in the schedule from 0 to blocks - 1 (a fraction blends two sizes). */
  readonly growth: { readonly blocks: number; readonly progress: number };
}

/** A WaveGAN's generator. */
export interface WaveGanManifest<Network = JsonObject> extends AnyManifest {
  readonly family: 'wavegan';
  /** The network as `@gansynth/models-gan` describes it, with pitches. */
  readonly network: Network;
}

/** A WaveNet, which draws sample after sample. Its files are weights alone: tfjs has no layers for it. */
export interface WaveNetManifest<Network = JsonObject> extends AnyManifest {
  readonly family: 'wavenet';
  /** The network as `@gansynth/models-wavenet` describes it, with what conditions it. */
  readonly network: Network;
}

/** `gansynth.json`, whatever the family. */
export type ModelManifest = ProgressiveGanManifest | WaveGanManifest | WaveNetManifest;

export type ModelFamily = ModelManifest['family'];
