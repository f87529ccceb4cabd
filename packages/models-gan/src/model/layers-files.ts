import * as tf from '@tensorflow/tfjs-core';
import { ModelFileError } from '../errors.js';
import type { FileSource } from '../import/file-source.js';
import { insidePath } from '../import/file-source.js';

export const topologyFile = 'model.json';

/** Shards of 4 MiB, as other tools write them: small enough for every web server's and browser's cache. */
const shardBytes = 4 * 1024 * 1024;

/** A tfjs LayersModel as its files: `model.json` and weight shards. */
export function artifactsToFiles(artifacts: tf.io.ModelArtifacts): Record<string, Uint8Array> {
  const weights = new Uint8Array(tf.io.CompositeArrayBuffer.join(artifacts.weightData));
  const count = Math.max(1, Math.ceil(weights.length / shardBytes));
  const paths = Array.from({ length: count }, (_, index) => `group1-shard${index + 1}of${count}.bin`);
  const topology: tf.io.ModelJSON = {
    modelTopology: artifacts.modelTopology as object,
    format: artifacts.format ?? 'layers-model',
    generatedBy: artifacts.generatedBy ?? `TensorFlow.js tfjs-layers v${tf.version_core}`,
    convertedBy: null as unknown as string,
    weightsManifest: [{ paths, weights: artifacts.weightSpecs ?? [] }],
  };
  const files: Record<string, Uint8Array> = { [topologyFile]: new TextEncoder().encode(JSON.stringify(topology)) };
  for (const [index, path] of paths.entries()) files[path] = weights.slice(index * shardBytes, (index + 1) * shardBytes);
  return files;
}

/** The artifacts of a tfjs LayersModel from its files. */
export async function filesToArtifacts(source: FileSource): Promise<tf.io.ModelArtifacts> {
  const bytes = await source.read(topologyFile);
  let topology: tf.io.ModelJSON;
  try {
    topology = JSON.parse(new TextDecoder().decode(bytes)) as tf.io.ModelJSON;
  } catch (error) {
    throw new ModelFileError(topologyFile, `expected JSON, found none (${(error as Error).message}).`);
  }
  if (!Array.isArray(topology?.weightsManifest)) {
    throw new ModelFileError(topologyFile, 'expected a tfjs LayersModel with a weightsManifest, found none.', topology);
  }
  return tf.io.getModelArtifactsForJSON(topology, async (manifest) => {
    const shards: ArrayBuffer[] = [];
    for (const path of manifest.flatMap(({ paths }) => paths)) {
      const shard = await source.read(insidePath(path, topologyFile));
      // The constructor copies; `slice` of a Node Buffer would be a view of memory that others share.
      shards.push(new Uint8Array(shard).buffer);
    }
    return [manifest.flatMap(({ weights }) => weights), tf.io.CompositeArrayBuffer.join(shards)];
  });
}

/**
 * A model folder as a tfjs IO handler, for `tf.loadLayersModel`: the plain tfjs model, usable with any tfjs code once this package (its
 * layers) is imported.
 */
export function layersModelFiles(source: FileSource): tf.io.IOHandler {
  return { load: () => filesToArtifacts(source) };
}
