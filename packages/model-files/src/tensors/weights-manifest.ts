import { fromHalves } from '@gansynth/common/half';
import { ModelFileError } from '../errors.js';
import type { FileSource } from '../files/file-source.js';
import { parseJson } from '../manifest/bounded-json.js';
import { concatenate, type PlainTensor, type PlainWeights } from './plain-tensor.js';
import { parseWeightGroups, storedBytes, type WeightGroup, type WeightSpec } from './weight-groups.js';

function decode({ dtype, quantization }: WeightSpec, bytes: Uint8Array): Float32Array {
  const buffer = new Uint8Array(bytes).buffer; // the copy aligns it
  if (!quantization) return dtype === 'int32' ? Float32Array.from(new Int32Array(buffer)) : new Float32Array(buffer);
  if (quantization.dtype === 'float16') return fromHalves(new Uint16Array(buffer));
  const { scale, min } = quantization;
  const stored = quantization.dtype === 'uint8' ? new Uint8Array(buffer) : new Uint16Array(buffer);
  // A loop: Float32Array.from with a function goes through an iterator, which takes seconds of a large model.
  const values = new Float32Array(stored.length);
  for (let i = 0; i < values.length; i++) values[i] = stored[i]! * scale + min;
  return values;
}

function isFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

/** The bytes of a group's shards, one after another. @throws ModelFileError if they are not as many as the weights take */
export async function readGroup(
  files: FileSource,
  { paths, weights }: WeightGroup,
  file: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : '';
  const bytes = concatenate(await Promise.all(paths.map((shard) => files.read(folder + shard))));
  const expected = weights.reduce((sum, spec) => sum + storedBytes(spec), 0);
  if (bytes.length !== expected)
    throw new ModelFileError(
      file,
      `expected ${expected} bytes of weights in ${paths.join(', ')}, found ${bytes.length}. A shard is missing, truncated, or from another model.`,
      bytes.length,
    );
  return bytes;
}

/**
 * Weights of groups, restored to float32 where they were quantised. Tensors may lie in any order and across shards.
 *
 * @param file that names the groups; the shards lie beside it
 * @throws ModelFileError if the shards hold more or fewer bytes than promised, a weight is there twice, or something is not finite
 */
export async function readWeightGroups(files: FileSource, groups: readonly WeightGroup[], file: string): Promise<PlainWeights> {
  const weights = new Map<string, PlainTensor<Float32Array>>();
  for (const group of groups) {
    const bytes = await readGroup(files, group, file);
    let position = 0;
    for (const spec of group.weights) {
      if (weights.has(spec.name))
        throw new ModelFileError(file, `expected each weight once, found "${spec.name}" again.`, spec.name);
      const data = decode(spec, bytes.subarray(position, (position += storedBytes(spec))));
      if (!isFinite(data))
        throw new ModelFileError(
          file,
          `expected finite numbers in "${spec.name}", found NaN or infinity. A shard is damaged, or the training diverged.`,
          spec.name,
        );
      weights.set(spec.name, { shape: spec.shape, data });
    }
  }
  return Object.fromEntries(weights);
}

/**
 * Reads the weights of a TensorFlow.js manifest (`weights_manifest.json`, or the `model.json` that contains one) with its shards.
 *
 * @param path the manifest, relative to `files`; the shards lie beside it
 * @throws ModelFileError if the manifest is malformed, or see {@link readWeightGroups}
 */
export async function readWeightsManifest(files: FileSource, path = 'weights_manifest.json'): Promise<PlainWeights> {
  const json = parseJson(await files.read(path), path);
  return readWeightGroups(files, parseWeightGroups(json, path), path);
}
