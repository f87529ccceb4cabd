import type { OptionNames } from '@gansynth/common/check-options';
import type { io } from '@tensorflow/tfjs-core';
import { checkOptions } from '../check-options.js';
import type { FileSink } from '../files/file-source.js';
import { checksumOf } from '../files/verified-files.js';
import { artifactsToFiles, weightShards, type LayersModelFiles } from '../layers/layers-files.js';
import { concatenate, type PlainWeights } from '../tensors/plain-tensor.js';
import { parseWeightGroups } from '../tensors/weight-groups.js';
import { atPrecision, type PrecisionOf, type WeightPrecision } from '../tensors/weight-precision.js';
import { manifestFile, type ModelManifest } from './model-manifest.js';

type OfFamily<Manifest> = Manifest extends ModelManifest ? Omit<Manifest, 'format' | 'version' | 'files' | 'weights'> : never;

/** What a model package says of a model of its family; the rest of the manifest follows from the files. */
export type ModelDescription = OfFamily<ModelManifest>;

/** Artifacts of a LayersModel: what its `save` hands to a handler. */
export interface Saveable {
  save(handler: io.IOHandler): Promise<unknown>;
}

export interface WriteOptions {
  /**
   * What weights are stored as, or a function that says so of each. `float16`: half the bytes, each weight to 11 significant bits. `uint8`: a quarter, one of
   * 256 even steps from the tensor's least value to its greatest. They are read as float32 again, by this package and by tfjs. Default: float32, exact.
   */
  readonly precision?: WeightPrecision | PrecisionOf;
}

const writeOptionNames: OptionNames<WriteOptions> = { precision: true };

/**
 * Writes a model: a tfjs LayersModel (`model.json` and weight shards), which any tfjs program reads, and `gansynth.json`, with which a
 * reader begins. The manifest names the weights itself, and the shards of a model that replaces another have other names: so whoever
 * reads meanwhile gets one whole model, the old or the new.
 *
 * @param model the network as a LayersModel, its weights named as the family names them; it stays the caller's
 * @throws ModelFileError for a precision that there is not, or a weight that it cannot hold; what the sink throws. Then nothing has changed
 */
export async function writeModel(
  model: Saveable,
  sink: FileSink,
  description: ModelDescription,
  options: WriteOptions = {},
): Promise<void> {
  checkOptions('writeModel', options, writeOptionNames);
  const taken = await sink.list?.();
  let written: LayersModelFiles | undefined;
  await model.save({
    save: async (artifacts) => {
      written = artifactsToFiles(artifacts, taken, options.precision);
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
  });
  await writeFiles(sink, written ?? { files: {}, weights: [] }, description);
}

/**
 * Writes a model that is its weights alone, and `gansynth.json`; whoever reads meanwhile gets one whole model, as with {@link writeModel}.
 *
 * @param weights named as the family names them
 * @throws as {@link writeModel}
 */
export async function writeWeights(
  weights: PlainWeights,
  sink: FileSink,
  description: ModelDescription,
  options: WriteOptions = {},
): Promise<void> {
  checkOptions('writeWeights', options, writeOptionNames);
  const named = Object.entries(weights);
  const exact = concatenate(named.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
  const specs = named.map(([name, { shape }]) => ({ name, shape, dtype: 'float32' as const }));
  const stored = atPrecision(exact, specs, options.precision);
  const { files, weightsManifest } = weightShards(stored.bytes, stored.specs, await sink.list?.());
  await writeFiles(sink, { files, weights: parseWeightGroups(weightsManifest, manifestFile) }, description);
}

async function writeFiles(sink: FileSink, { files, weights }: LayersModelFiles, description: ModelDescription): Promise<void> {
  const checksums = Object.entries(files).map(([path, bytes]) => [path, checksumOf(bytes)]);
  const manifest = { format: 'gansynth-model', version: 2, ...description, files: Object.fromEntries(checksums), weights };
  await sink.write({ ...files, [manifestFile]: new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`) });
}
