import type { io } from '@tensorflow/tfjs-core';
import type { FileSink } from '../files/file-source.js';
import { checksumOf } from '../files/verified-files.js';
import { artifactsToFiles, weightShards, type LayersModelFiles } from '../layers/layers-files.js';
import { concatenate, type PlainWeights } from '../tensors/plain-tensor.js';
import { parseWeightGroups } from '../tensors/weight-groups.js';
import { manifestFile, type ModelManifest } from './model-manifest.js';

type OfFamily<Manifest> = Manifest extends ModelManifest ? Omit<Manifest, 'format' | 'version' | 'files' | 'weights'> : never;

/** What a model package says of a model of its family; the rest of the manifest follows from the files. */
export type ModelDescription = OfFamily<ModelManifest>;

/** Artifacts of a LayersModel: what its `save` hands to a handler. */
export interface Saveable {
  save(handler: io.IOHandler): Promise<unknown>;
}

/**
 * Writes a model: a tfjs LayersModel (`model.json` and weight shards), which any tfjs program reads, and `gansynth.json`, with which a
 * reader begins. The manifest names the weights itself, and the shards of a model that replaces another have other names: so whoever
 * reads meanwhile gets one whole model, the old or the new.
 *
 * @param model the network as a LayersModel, its weights named as the family names them; it stays the caller's
 * @throws what the sink throws; then nothing has changed
 */
export async function writeModel(model: Saveable, sink: FileSink, description: ModelDescription): Promise<void> {
  const taken = await sink.list?.();
  let written: LayersModelFiles | undefined;
  await model.save({
    save: async (artifacts) => {
      written = artifactsToFiles(artifacts, taken);
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
  });
  await writeFiles(sink, written ?? { files: {}, weights: [] }, description);
}

/**
 * Writes a model that is its weights alone, and `gansynth.json`; whoever reads meanwhile gets one whole model, as with {@link writeModel}.
 *
 * @param weights named as the family names them
 * @throws what the sink throws; then nothing has changed
 */
export async function writeWeights(weights: PlainWeights, sink: FileSink, description: ModelDescription): Promise<void> {
  const named = Object.entries(weights);
  const bytes = concatenate(named.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
  const specs = named.map(([name, { shape }]) => ({ name, shape, dtype: 'float32' as const }));
  const { files, weightsManifest } = weightShards(bytes, specs, await sink.list?.());
  await writeFiles(sink, { files, weights: parseWeightGroups(weightsManifest, manifestFile) }, description);
}

async function writeFiles(sink: FileSink, { files, weights }: LayersModelFiles, description: ModelDescription): Promise<void> {
  const checksums = Object.entries(files).map(([path, bytes]) => [path, checksumOf(bytes)]);
  const manifest = { format: 'gansynth-model', version: 2, ...description, files: Object.fromEntries(checksums), weights };
  await sink.write({ ...files, [manifestFile]: new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`) });
}
