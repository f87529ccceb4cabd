import { networkConfig, type NetworkConfig } from '../config.js';
import { ModelFileError } from '../errors.js';
import type { Growth } from '../network/stage-shape.js';

/** What a published model says of itself besides its network: everything a program needs to make sound of it. */
export interface ModelInfo {
  readonly name?: string;
  readonly description?: string;
  /** How images become audio, as the representation describes itself (JSON). */
  readonly representation?: unknown;
  /** Hertz. */
  readonly sampleRate?: number;
  /** Licence of the training data, which decides what the model may be used for. */
  readonly licence?: string;
  /** Measured scores by name. */
  readonly scores?: Readonly<Record<string, number>>;
  /** Anything else (JSON): recipe, training data, authors. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** `gansynth.json` of a model's folder. */
export interface ModelManifest extends ModelInfo {
  readonly format: 'gansynth-model';
  readonly version: 1;
  /** With pitches and normaliser. */
  readonly network: NetworkConfig;
  readonly growth: Growth;
  /** Length in bytes and CRC-32C of every other file. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly crc32c: number }>>;
}

export const manifestFile = 'gansynth.json';

/** @throws ModelFileError if this is no manifest, or one this version cannot read */
export function parseManifest(bytes: Uint8Array): ModelManifest {
  let manifest: ModelManifest;
  try {
    manifest = JSON.parse(new TextDecoder().decode(bytes)) as ModelManifest;
  } catch (error) {
    throw new ModelFileError(manifestFile, `expected JSON, found none (${(error as Error).message}).`);
  }
  if (manifest?.format !== 'gansynth-model') {
    throw new ModelFileError(
      manifestFile,
      `expected format gansynth-model, found ${JSON.stringify(manifest?.format)}.`,
      manifest?.format,
    );
  }
  if (manifest.version !== 1) {
    throw new ModelFileError(
      manifestFile,
      `expected version 1, found ${manifest.version}. Update @gansynth/models-gan to read it.`,
      manifest.version,
    );
  }
  const { blocks, progress } = manifest.growth ?? {};
  if (!Number.isInteger(blocks) || typeof progress !== 'number' || typeof manifest.files !== 'object') {
    throw new ModelFileError(manifestFile, 'expected growth (blocks, progress) and files, found something missing.', manifest);
  }
  return { ...manifest, network: networkConfig(manifest.network) };
}
