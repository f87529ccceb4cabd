import { fromHalves } from '@gansynth/common/half';
import { ModelFileError } from '../errors.js';
import { parseJson } from '../manifest/bounded-json.js';
import { FieldReader } from '../manifest/fields.js';
import { concatenate, elements, type PlainData, type PlainTensor } from './plain-tensor.js';

interface SafetensorsType {
  readonly bytes: number;
  readonly read: (buffer: ArrayBuffer) => PlainData;
}

const fromBrain = (bits: Uint16Array): Float32Array => new Float32Array(Uint32Array.from(bits, (half) => half << 16).buffer);

const types: ReadonlyMap<string, SafetensorsType> = new Map<string, SafetensorsType>([
  ['F32', { bytes: 4, read: (buffer) => new Float32Array(buffer) }],
  ['F64', { bytes: 8, read: (buffer) => new Float64Array(buffer) }],
  ['F16', { bytes: 2, read: (buffer) => fromHalves(new Uint16Array(buffer)) }],
  ['BF16', { bytes: 2, read: (buffer) => fromBrain(new Uint16Array(buffer)) }],
  ['I32', { bytes: 4, read: (buffer) => new Int32Array(buffer) }],
  ['I64', { bytes: 8, read: (buffer) => new BigInt64Array(buffer) }],
  ['U8', { bytes: 1, read: (buffer) => new Uint8Array(buffer) }],
  ['BOOL', { bytes: 1, read: (buffer) => new Uint8Array(buffer) }],
]);

function codeOf(data: PlainData): string {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Float64Array) return 'F64';
  if (data instanceof Int32Array) return 'I32';
  return data instanceof BigInt64Array ? 'I64' : 'U8';
}

/** Tensors by name, and what else the file says of itself. */
export interface Safetensors {
  readonly tensors: Readonly<Record<string, PlainTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

const metadataField = '__metadata__';

/**
 * Reads a `.safetensors` file, as PyTorch programs share weights. Halves become float32.
 *
 * @param file its name, for messages
 * @throws ModelFileError if it is truncated, malformed, or its tensors overlap or leave bytes over
 * @see https://github.com/huggingface/safetensors#format
 */
export function parseSafetensors(bytes: Uint8Array, file = 'model.safetensors'): Safetensors {
  const fail = (problem: string): never => {
    throw new ModelFileError(file, `${problem} The file is truncated, damaged, or no .safetensors.`);
  };
  if (bytes.length < 8) return fail(`expected at least 8 bytes, found ${bytes.length}.`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  const start = 8 + length;
  if (start > bytes.length) return fail(`expected a header of ${length} bytes, found a file of ${bytes.length}.`);
  const header = FieldReader.of(parseJson(bytes.subarray(8, start), file), file);
  const metadata = header.record(metadataField, (all, name) => all.text(name)) ?? {};
  const names = Object.keys(header.json).filter((name) => name !== metadataField);
  const spans: [from: number, to: number][] = [];
  const tensors = names.map((name): [string, PlainTensor] => {
    const entry = header.required(name, header.object(name));
    const code = entry.required('dtype', entry.choice('dtype', [...types.keys()]));
    const size = { from: 0, to: bytes.length - start };
    const shape = entry.required(
      'shape',
      entry.list('shape', (list, i) => list.whole(i, { from: 0, to: 2 ** 40 }), 16),
    );
    const offsets = entry.required(
      'data_offsets',
      entry.list('data_offsets', (list, i) => list.whole(i, size), 2),
    );
    const [from = 0, to = 0] = offsets;
    const type = types.get(code) ?? entry.fail('dtype', 'a known type');
    if (to - from !== elements(shape) * type.bytes) entry.fail('data_offsets', `${elements(shape) * type.bytes} bytes`, offsets);
    spans.push([from, to]);
    return [name, { shape, data: type.read(new Uint8Array(bytes.subarray(start + from, start + to)).buffer) }];
  });
  let position = 0;
  for (const [from, to] of spans.sort(([a, b], [c, d]) => a - c || b - d)) {
    if (from !== position) return fail(`expected a tensor at byte ${position} of the data, found the next at ${from}.`);
    position = to;
  }
  if (position !== bytes.length - start) return fail(`expected ${position} bytes of data, found ${bytes.length - start}.`);
  return { tensors: Object.fromEntries(tensors), metadata };
}

/** Tensors as a `.safetensors` file. */
export function encodeSafetensors(
  tensors: Readonly<Record<string, PlainTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  let position = 0;
  const entries = Object.entries(tensors).map(([name, { shape, data }]) => {
    const from = position;
    position += data.byteLength;
    return [name, { dtype: codeOf(data), shape, data_offsets: [from, position] }];
  });
  const more = Object.keys(metadata).length === 0 ? {} : { [metadataField]: metadata };
  const json = new TextEncoder().encode(JSON.stringify({ ...more, ...Object.fromEntries(entries) }));
  const header = new Uint8Array(8 + 8 * Math.ceil(json.length / 8)).fill(0x20); // spaces align the data
  header.set(json, 8);
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - 8), true);
  const parts = Object.values(tensors).map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return concatenate([header, ...parts]);
}
