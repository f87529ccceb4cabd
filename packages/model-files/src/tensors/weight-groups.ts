import { ModelFileError } from '../errors.js';
import { insidePath } from '../files/file-source.js';
import { FieldReader, isJsonObject, type JsonObject } from '../manifest/fields.js';
import { elements } from './plain-tensor.js';

/** How a float tensor was squeezed into fewer bytes: value = stored * scale + min. */
export type Quantization =
  | { readonly dtype: 'uint8' | 'uint16'; readonly scale: number; readonly min: number }
  | { readonly dtype: 'float16' };

/** One weight in a shard. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly quantization?: Quantization;
}

/** Weights that lie one after another in shards: an element of TensorFlow.js's weights manifest. */
export interface WeightGroup {
  readonly paths: readonly string[];
  readonly weights: readonly WeightSpec[];
}

/** Most values of one tensor: 4 GiB of float32, more than an ArrayBuffer of any platform. */
const mostValues = 2 ** 30;

/** Bytes a weight takes in its shard. */
export const storedBytes = ({ shape, quantization }: WeightSpec): number =>
  elements(shape) * (quantization === undefined ? 4 : quantization.dtype === 'uint8' ? 1 : 2);

/**
 * Checks a weights manifest: an array of groups, or an object that has one under `weightsManifest`, as `model.json` of a LayersModel or
 * GraphModel does.
 *
 * @throws ModelFileError
 */
export function parseWeightGroups(json: unknown, file: string): WeightGroup[] {
  const holder: JsonObject = isJsonObject(json) ? json : { weightsManifest: Array.isArray(json) ? json : [] };
  const fields = new FieldReader(holder, file);
  const groups = fields.list('weightsManifest', (list, index) => groupOf(list.required(index, list.object(index))), 1024);
  if (groups === undefined || groups.length === 0)
    throw new ModelFileError(file, 'expected a weights manifest: an array of groups with "paths" and "weights".', json);
  return groups;
}

function groupOf(group: FieldReader): WeightGroup {
  const paths = group.list('paths', (list, index) => insidePath(list.text(index) ?? '', group.file), 100_000);
  const weights = group.list('weights', (list, index) => specOf(list.required(index, list.object(index))), 100_000);
  return { paths: group.required('paths', paths), weights: group.required('weights', weights) };
}

function specOf(weight: FieldReader): WeightSpec {
  const name = weight.required('name', weight.text('name'));
  const sizes = weight.list('shape', (list, index) => list.whole(index, { from: 0, to: mostValues }), 16);
  const shape = weight.required('shape', sizes);
  if (elements(shape) > mostValues) weight.fail('shape', `at most ${mostValues} values`);
  const dtype = weight.required('dtype', weight.choice('dtype', ['float32', 'int32']));
  const quantization = weight.object('quantization');
  return { name, shape, dtype, ...(quantization === undefined ? {} : { quantization: quantizationOf(quantization) }) };
}

function quantizationOf(fields: FieldReader): Quantization {
  const dtype = fields.required('dtype', fields.choice('dtype', ['uint8', 'uint16', 'float16']));
  if (dtype === 'float16') return { dtype };
  const number = (field: string): number => fields.required(field, fields.number(field, { from: -1e38, to: 1e38 }));
  return { dtype, scale: number('scale'), min: number('min') };
}
