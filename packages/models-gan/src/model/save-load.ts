import {
  ModelFileError,
  readModel,
  writeModel,
  type FileSink,
  type FileSource,
  type ModelFiles,
  type ModelInfo,
  type ModelManifest,
  type NoteModel,
  type ProgressiveGanManifest,
  type WaveGanManifest,
  type WriteOptions,
} from '@gansynth/model-files';
import { compileGenerator } from '../compiled/compile-generator.js';
import type { NetworkConfig } from '../progressive/config.js';
import { waveGanFromFiles, saveWaveGan } from '../wavegan/wavegan-files.js';
import type { WaveGanConfig } from '../wavegan/wavegan-config.js';
import { WaveGanModel } from '../wavegan/wavegan-model.js';
import { GeneratorModel } from './generator-model.js';
import { noteModel } from './note-model.js';
import { readNetwork } from './read-network.js';

/**
 * Writes a generator as a tfjs LayersModel (`model.json`, weight shards) plus `gansynth.json`.
 *
 * @param sink `folderSink(path)` of `@gansynth/model-files/node`, `memorySink()`, or any other
 * @param options.precision `float16` stores weights in half the bytes, `uint8` in a quarter (see {@link withEvenRanges}), a function says which of each.
 * Default: float32, exact
 */
export async function saveModel(
  model: GeneratorModel | WaveGanModel,
  sink: FileSink,
  info: ModelInfo = {},
  options: WriteOptions = {},
): Promise<void> {
  if (model instanceof WaveGanModel) return saveWaveGan(model, sink, info, options);
  const layersModel = model.toLayersModel();
  const { blocks, progress } = model.growth;
  try {
    const growth = { blocks, progress: progress ?? blocks - 1 };
    await writeModel(layersModel, sink, { ...info, family: 'progressive-gan', network: { ...model.config }, growth }, options);
  } finally {
    layersModel.dispose();
  }
}

/** A progressive GAN's generator read from files, and what it says of itself. */
export interface LoadedGenerator {
  readonly family: 'progressive-gan';
  readonly model: GeneratorModel;
  readonly manifest: ProgressiveGanManifest<NetworkConfig>;
}

/** A WaveGAN's generator read from files, and what it says of itself. */
export interface LoadedWaveGan {
  readonly family: 'wavegan';
  readonly model: WaveGanModel;
  readonly manifest: WaveGanManifest<WaveGanConfig>;
}

/** A model of this package read from files; `family` tells which. */
export type LoadedModel = LoadedGenerator | LoadedWaveGan;

/**
 * Reads a model that {@link saveModel} wrote, of any version, checking every byte.
 *
 * @param source `httpFiles(url)` or `memoryFiles(...)` of `@gansynth/model-files`, `folderFiles(path)` of `@gansynth/model-files/node`, a model
 * that is an npm package, or any other
 * @throws ModelFileError if a file is missing, damaged or of another kind
 */
export async function loadModel(source: FileSource): Promise<LoadedModel> {
  const files = await readModel(source);
  return files.manifest.family === 'wavegan' ? waveGanFromFiles(files.manifest, files.weights) : generatorFromFiles(files);
}

/** {@link loadModel} for programs that want a progressive GAN and nothing else. @throws ModelFileError also for a model of another family */
export async function loadGenerator(source: FileSource): Promise<LoadedGenerator> {
  return generatorFromFiles(await readModel(source));
}

/**
 * Reads a model of either family as what every program for models of notes takes. A progressive GAN is compiled for the backend that is set.
 *
 * @returns the model, which the caller frees, and what it says of itself
 * @throws ModelFileError as {@link loadModel}
 */
export async function loadNoteModel(
  source: FileSource,
): Promise<{ readonly model: NoteModel; readonly manifest: ModelManifest }> {
  const { manifest, weights } = await readModel(source);
  if (manifest.family === 'wavegan') return { model: noteModel(waveGanFromFiles(manifest, weights).model), manifest };
  if (manifest.family !== 'progressive-gan') throw otherFamily(manifest);
  const config = networkAt(manifest);
  const { growth } = manifest;
  const parts = { config, growth, weights };
  return { model: noteModel(config.architecture === 'simple' ? new GeneratorModel(parts) : compileGenerator(parts)), manifest };
}

function generatorFromFiles({ manifest, weights }: ModelFiles): LoadedGenerator {
  if (manifest.family !== 'progressive-gan') throw otherFamily(manifest);
  const network = networkAt(manifest);
  const model = new GeneratorModel({ config: network, growth: manifest.growth, weights });
  return { family: 'progressive-gan', model, manifest: { ...manifest, network } };
}

function otherFamily(manifest: ModelManifest): ModelFileError {
  const loader = manifest.family === 'wavegan' ? 'loadModel' : 'loadModel of @gansynth/models-wavenet';
  return new ModelFileError(
    'gansynth.json',
    `family: expected progressive-gan, found ${manifest.family}. Use ${loader}.`,
    manifest,
  );
}

/** The network of a manifest whose growth it can have. */
function networkAt({ network: json, growth: { blocks } }: ProgressiveGanManifest): NetworkConfig {
  const network = readNetwork(json);
  if (blocks <= network.blocks) return network;
  const problem = `growth.blocks: expected at most the network's ${network.blocks}, found ${blocks}.`;
  throw new ModelFileError('gansynth.json', problem, blocks);
}
