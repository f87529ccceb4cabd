import type { io } from '@tensorflow/tfjs-core';
import { ModelFileError } from '../errors.js';
import type { FileSink, FileSource } from '../files/file-source.js';
import { parseJson } from '../manifest/bounded-json.js';
import { isJsonObject } from '../manifest/fields.js';
import { concatenate } from '../tensors/plain-tensor.js';
import { parseWeightGroups, type WeightGroup } from '../tensors/weight-groups.js';
import { atPrecision, type AnyWeightSpec, type PrecisionOf, type WeightPrecision } from '../tensors/weight-precision.js';
import { readGroup } from '../tensors/weights-manifest.js';

/** What tfjs calls the file of a LayersModel that names the others. */
export const topologyFile = 'model.json';

/** Shards of 4 MiB, as other tools write them: small enough for every web server's and browser's cache. */
const shardBytes = 4 * 1024 * 1024;

/** A LayersModel as its files. */
export interface LayersModelFiles {
  /** `model.json` and weight shards, by path. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Which shard has which weights, as `model.json` says. */
  readonly weights: readonly WeightGroup[];
}

/** The first of the names group1-..., group2-... of shards that is not taken. */
function freeGroup(taken: readonly string[]): string {
  let group = 1;
  while (taken.some((name) => name.startsWith(`group${group}-`))) group++;
  return `group${group}`;
}

/**
 * Weights as shards, and where in them each lies.
 *
 * @param bytes of the weights, one after the other in the order of `specs`
 * @param taken names of files that somebody may be reading: the shards get others
 */
export function weightShards(bytes: Uint8Array, specs: readonly AnyWeightSpec[], taken: readonly string[] = []): Shards {
  const count = Math.max(1, Math.ceil(bytes.length / shardBytes));
  const group = freeGroup(taken);
  const paths = Array.from({ length: count }, (_, index) => `${group}-shard${index + 1}of${count}.bin`);
  const files: Record<string, Uint8Array> = {};
  for (const [index, path] of paths.entries()) files[path] = bytes.subarray(index * shardBytes, (index + 1) * shardBytes);
  return { files, weightsManifest: [{ paths, weights: specs }] };
}

interface Shards {
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Not yet checked: see {@link parseWeightGroups}. */
  readonly weightsManifest: readonly { readonly paths: readonly string[]; readonly weights: readonly AnyWeightSpec[] }[];
}

/**
 * A tfjs LayersModel as its files: `model.json` and weight shards.
 *
 * @param taken names of files that somebody may be reading: the shards get others
 */
export function artifactsToFiles(
  artifacts: io.ModelArtifacts,
  taken: readonly string[] = [],
  precision?: WeightPrecision | PrecisionOf,
): LayersModelFiles {
  const { weightData = new ArrayBuffer(0), weightSpecs = [], ...rest } = artifacts;
  const exact = concatenate([weightData].flat().map((buffer) => new Uint8Array(buffer)));
  const stored = atPrecision(exact, weightSpecs, precision);
  const { files: shards, weightsManifest } = weightShards(stored.bytes, stored.specs, taken);
  const topology = { format: 'layers-model', generatedBy: 'gansynth', convertedBy: null, ...rest, weightsManifest };
  const files = { [topologyFile]: new TextEncoder().encode(JSON.stringify(topology)), ...shards };
  return { files, weights: parseWeightGroups(weightsManifest, topologyFile) };
}

/**
 * The artifacts of a tfjs LayersModel from its files.
 *
 * @throws ModelFileError if a file is missing, or the weights are more or fewer than `model.json` says
 */
export async function filesToArtifacts(source: FileSource): Promise<io.ModelArtifacts> {
  const json = parseJson(await source.read(topologyFile), topologyFile);
  if (!isJsonObject(json) || !Array.isArray(json['weightsManifest']))
    throw new ModelFileError(topologyFile, 'expected a tfjs LayersModel with a weightsManifest, found none.', json);
  const groups = parseWeightGroups(json, topologyFile);
  const { weightsManifest: _, modelTopology, ...rest } = json;
  if (!isJsonObject(modelTopology))
    throw new ModelFileError(topologyFile, 'expected a modelTopology, found none.', modelTopology);
  const parts: Uint8Array[] = [];
  for (const group of groups) parts.push(await readGroup(source, group, topologyFile));
  return {
    ...rest,
    modelTopology,
    weightSpecs: groups.flatMap(({ weights }) => weights.map(({ shape, ...spec }) => ({ ...spec, shape: [...shape] }))),
    weightData: concatenate(parts).buffer,
  };
}

/**
 * Files as a tfjs IO handler: `tf.loadLayersModel(layersModelFiles(source))`, `model.save(layersModelFiles(source, sink))`. The plain tfjs
 * model, usable with any tfjs code once the package whose layers it has is imported.
 */
export function layersModelFiles(source: FileSource, sink?: FileSink): io.IOHandler {
  return {
    load: () => filesToArtifacts(source),
    ...(sink === undefined
      ? {}
      : {
          save: async (artifacts: io.ModelArtifacts) => {
            const { files } = artifactsToFiles(artifacts, await sink.list?.());
            await sink.write(files);
            return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
          },
        }),
  };
}
