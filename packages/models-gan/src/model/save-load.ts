import * as tf from '@tensorflow/tfjs-core';
import { ModelFileError } from '../errors.js';
import { crc32c } from '@gansynth/common/crc32c';
import type { FileSource } from '../import/file-source.js';
import type { FileSink } from './file-sink.js';
import { GeneratorModel } from './generator-model.js';
import { artifactsToFiles, filesToArtifacts } from './layers-files.js';
import { manifestFile, parseManifest, type ModelInfo, type ModelManifest } from './model-manifest.js';

/**
 * Writes a generator as a tfjs LayersModel (`model.json`, weight shards) plus `gansynth.json`.
 *
 * @param sink `folderSink(path)` of `@gansynth/models-gan/node`, or any other
 */
export async function saveModel(model: GeneratorModel, sink: FileSink, info: ModelInfo = {}): Promise<void> {
  const layersModel = model.toLayersModel();
  let files: Record<string, Uint8Array> = {};
  try {
    await layersModel.save(
      tf.io.withSaveHandler(async (artifacts) => {
        files = artifactsToFiles(artifacts);
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
  } finally {
    layersModel.dispose();
  }
  const manifest: ModelManifest = {
    format: 'gansynth-model',
    version: 1,
    ...info,
    network: model.config,
    growth: model.growth,
    files: Object.fromEntries(
      Object.entries(files).map(([path, bytes]) => [path, { bytes: bytes.length, crc32c: crc32c(bytes) }]),
    ),
  };
  await sink.write({ ...files, [manifestFile]: new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`) });
}

/** A model read from files, and what it says of itself. */
export interface LoadedModel {
  readonly model: GeneratorModel;
  readonly manifest: ModelManifest;
}

/**
 * Reads a model that {@link saveModel} wrote, checking every byte.
 *
 * @param source `httpFiles(url)`, `memoryFiles(...)`, `folderFiles(path)` of `@gansynth/models-gan/node`, or any other
 * @throws ModelFileError if a file is missing, damaged or of another kind
 */
export async function loadModel(source: FileSource): Promise<LoadedModel> {
  const manifest = parseManifest(await readFile(source, manifestFile));
  const checked: FileSource = {
    read: async (path) => {
      const bytes = await readFile(source, path);
      const expected = manifest.files[path];
      if (expected === undefined)
        throw new ModelFileError(path, `expected a file that ${manifestFile} lists, found another.`, path);
      if (bytes.length !== expected.bytes || crc32c(bytes) !== expected.crc32c) {
        throw new ModelFileError(
          path,
          `expected ${expected.bytes} bytes with CRC-32C ${expected.crc32c}, found ${bytes.length} bytes with ${crc32c(bytes)}. ` +
            'The file is damaged or of another model: copy it again.',
          bytes.length,
        );
      }
      return bytes;
    },
  };
  const { weightData, weightSpecs } = await filesToArtifacts(checked);
  if (weightData === undefined || weightSpecs === undefined)
    throw new ModelFileError('model.json', 'expected weights, found none.');
  const weights = tf.io.decodeWeights(weightData, weightSpecs);
  try {
    return { model: new GeneratorModel({ config: manifest.network, growth: manifest.growth, weights }), manifest };
  } finally {
    tf.dispose(weights);
  }
}

async function readFile(source: FileSource, path: string): Promise<Uint8Array> {
  try {
    return await source.read(path);
  } catch (error) {
    throw new ModelFileError(path, `expected a readable file, found none: ${(error as Error).message}`, path);
  }
}
