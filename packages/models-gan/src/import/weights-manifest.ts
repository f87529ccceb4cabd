import { type FileSource, insidePath } from './file-source.js';
import { CheckpointFormatError } from './format-error.js';
import { elements, type PlainTensor, type PlainWeights } from './plain-tensor.js';

/** How a float tensor was squeezed into fewer bytes: value = stored * scale + min. */
interface Quantization {
  readonly dtype: 'uint8' | 'uint16' | 'float16';
  readonly scale?: number;
  readonly min?: number;
}

interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: Quantization;
}

interface WeightGroup {
  readonly paths: readonly string[];
  readonly weights: readonly WeightSpec[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function checkSpec(spec: unknown, file: string): WeightSpec {
  if (!isObject(spec) || typeof spec['name'] !== 'string' || !Array.isArray(spec['shape']) || !spec['shape'].every(isSize))
    throw new CheckpointFormatError(
      file,
      `expected weights with "name" and "shape", found ${JSON.stringify(spec)?.slice(0, 120)}`,
    );
  const { name, dtype, quantization } = spec;
  if (dtype !== 'float32' && dtype !== 'int32')
    throw new CheckpointFormatError(file, `expected "${name}" of dtype float32 or int32, found ${JSON.stringify(dtype)}`);
  if (quantization !== undefined) {
    const kind = isObject(quantization) ? quantization['dtype'] : undefined;
    const affine =
      isObject(quantization) &&
      (kind === 'uint8' || kind === 'uint16') &&
      Number.isFinite(quantization['scale']) &&
      Number.isFinite(quantization['min']);
    if (!affine && kind !== 'float16')
      throw new CheckpointFormatError(
        file,
        `expected "${name}" quantised as float16, or as uint8 or uint16 with "scale" and "min", found ${JSON.stringify(quantization)}`,
      );
  }
  return spec as unknown as WeightSpec;
}

function parseManifest(bytes: Uint8Array, file: string): WeightGroup[] {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new CheckpointFormatError(file, `expected JSON: ${(error as Error).message}`);
  }
  // A LayersModel's or GraphModel's model.json holds the same array under "weightsManifest".
  const groups = isObject(json) ? json['weightsManifest'] : json;
  if (!Array.isArray(groups) || groups.length === 0)
    throw new CheckpointFormatError(file, 'expected a weights manifest: an array of groups with "paths" and "weights"');
  return groups.map((group: unknown): WeightGroup => {
    if (!isObject(group) || !Array.isArray(group['paths']) || !Array.isArray(group['weights']))
      throw new CheckpointFormatError(file, 'expected every group of the weights manifest to have "paths" and "weights"');
    return {
      paths: group['paths'].map((path: unknown) => insidePath(typeof path === 'string' ? path : '', file)),
      weights: group['weights'].map((spec: unknown) => checkSpec(spec, file)),
    };
  });
}

/** IEEE 754 half precision. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const storedBytes = ({ quantization }: WeightSpec): number => (quantization ? (quantization.dtype === 'uint8' ? 1 : 2) : 4);

function decode(spec: WeightSpec, bytes: Uint8Array): Float32Array {
  const buffer = new Uint8Array(bytes).buffer; // the copy aligns it
  const { quantization } = spec;
  if (!quantization) return spec.dtype === 'int32' ? Float32Array.from(new Int32Array(buffer)) : new Float32Array(buffer);
  if (quantization.dtype === 'float16') return Float32Array.from(new Uint16Array(buffer), fromHalf);
  const { scale = 1, min = 0 } = quantization;
  const stored = quantization.dtype === 'uint8' ? new Uint8Array(buffer) : new Uint16Array(buffer);
  return Float32Array.from(stored, (value) => Math.fround(value * scale + min));
}

const concatenate = (parts: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let position = 0;
  for (const part of parts) {
    all.set(part, position);
    position += part.length;
  }
  return all;
};

/**
 * Reads the weights of a TensorFlow.js manifest (`weights_manifest.json`, or the `model.json` that contains one) with its shards.
 * Quantised weights are restored to float32. Tensors may lie in any order and across shards.
 *
 * @param path the manifest, relative to `files`; the shards lie beside it
 * @throws CheckpointFormatError if the manifest is malformed or the shards hold more or fewer bytes than it promises
 */
export async function readWeightsManifest(files: FileSource, path = 'weights_manifest.json'): Promise<PlainWeights> {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
  const weights: Record<string, PlainTensor<Float32Array>> = Object.create(null) as Record<string, never>;
  for (const { paths, weights: specs } of parseManifest(await files.read(path), path)) {
    const bytes = concatenate(await Promise.all(paths.map((shard) => files.read(folder + shard))));
    const expected = specs.reduce((sum, spec) => sum + elements(spec.shape) * storedBytes(spec), 0);
    if (bytes.length !== expected)
      throw new CheckpointFormatError(
        path,
        `expected ${expected} bytes of weights in ${paths.join(', ')}, found ${bytes.length}. A shard is missing, truncated, or from another model`,
      );
    let position = 0;
    for (const spec of specs) {
      if (spec.name in weights) throw new CheckpointFormatError(path, `expected each weight once, found "${spec.name}" again`);
      const size = elements(spec.shape) * storedBytes(spec);
      const data = decode(spec, bytes.subarray(position, (position += size)));
      if (!data.every(Number.isFinite))
        throw new CheckpointFormatError(
          path,
          `expected finite numbers in "${spec.name}", found NaN or infinity. A shard is damaged`,
        );
      weights[spec.name] = { shape: spec.shape, data };
    }
  }
  return weights;
}
