import { wireFields } from './byte-reader.js';
import { crc32c, maskCrc } from '@gansynth/common/crc32c';
import type { FileSource } from '../files/file-source.js';
import { ModelFileError } from '../errors.js';
import { elements, type PlainData, type PlainTensor } from '../tensors/plain-tensor.js';
import { readSortedTable } from './sorted-table.js';

interface DataType {
  readonly name: string;
  readonly bytes: number;
  readonly view: (buffer: ArrayBuffer) => PlainData;
}

/** TensorFlow's DataType enum, as far as variables of trained models use it. */
const dataTypes: Readonly<Record<number, DataType>> = {
  1: { name: 'float32', bytes: 4, view: (buffer) => new Float32Array(buffer) },
  2: { name: 'float64', bytes: 8, view: (buffer) => new Float64Array(buffer) },
  3: { name: 'int32', bytes: 4, view: (buffer) => new Int32Array(buffer) },
  4: { name: 'uint8', bytes: 1, view: (buffer) => new Uint8Array(buffer) },
  9: { name: 'int64', bytes: 8, view: (buffer) => new BigInt64Array(buffer) },
  10: { name: 'bool', bytes: 1, view: (buffer) => new Uint8Array(buffer) },
};

/** What the index says of one variable. */
export interface BundleEntry {
  /** float32, float64, int32, uint8, int64, bool; or `type <n>` for one that can be listed but not read. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Which data file, where in it, how long, in bytes. */
  readonly shard: number;
  readonly offset: number;
  readonly size: number;
  /** Masked CRC-32C of the variable's bytes. */
  readonly checksum: number;
}

/** A TensorFlow checkpoint (format "V2"): its variables by name, read one at a time. */
export interface TensorBundle {
  readonly entries: ReadonlyMap<string, BundleEntry>;
  /**
   * One variable, its checksum verified.
   *
   * @throws ModelFileError if the name is unknown or the data file is truncated or damaged
   */
  read(name: string): Promise<PlainTensor>;
}

function parseShape(bytes: Uint8Array, file: string): number[] {
  const shape: number[] = [];
  for (const dimension of wireFields(bytes, file)) {
    if (dimension.field !== 2 || dimension.type !== 'bytes') continue;
    let size = 0; // proto3 leaves zeros out
    for (const { field, type, value } of wireFields(dimension.value, file)) if (field === 1 && type === 'integer') size = value;
    shape.push(size);
  }
  return shape;
}

function parseEntry(name: string, bytes: Uint8Array, shards: number, file: string): BundleEntry {
  const integers = new Map<number, number>();
  let shape: number[] = [];
  for (const { field, type, value } of wireFields(bytes, file)) {
    if (type === 'integer') integers.set(field, value);
    else if (field === 2) shape = parseShape(value, file);
    else if (field === 7)
      throw new ModelFileError(file, `expected whole variables, found "${name}" in slices. Save it without a partitioner`);
  }
  const type = integers.get(1) ?? 0;
  const known = dataTypes[type];
  const size = integers.get(5) ?? 0;
  if (known && elements(shape) * known.bytes !== size)
    throw new ModelFileError(
      file,
      `expected ${elements(shape) * known.bytes} bytes for "${name}" of shape [${shape.join(', ')}] ${known.name}, found ${size}. The file is damaged`,
    );
  const shard = integers.get(3) ?? 0;
  if (shard >= shards)
    throw new ModelFileError(file, `expected a data file below ${shards} for "${name}", found ${shard}. The file is damaged`);
  return {
    dtype: known?.name ?? `type ${type}`,
    shape,
    shard,
    offset: integers.get(4) ?? 0,
    size,
    checksum: integers.get(6) ?? 0,
  };
}

function parseHeader(bytes: Uint8Array | undefined, file: string): number {
  if (!bytes)
    throw new ModelFileError(file, 'expected a tensor bundle header (the empty key). Is this the index of a checkpoint?');
  let shards = 0;
  for (const { field, type, value } of wireFields(bytes, file)) {
    if (type !== 'integer') continue;
    if (field === 1) shards = value;
    if (field === 2 && value !== 0)
      throw new ModelFileError(
        file,
        'expected little-endian tensors, found big-endian ones. Save the checkpoint on another machine',
      );
  }
  if (shards < 1 || shards > 99_999) throw new ModelFileError(file, `expected 1 to 99999 data files, found ${shards}`);
  return shards;
}

/** The prefix both kinds of file share; users name the `.index` or `.data` file as often as the prefix. */
export const checkpointPrefix = (path: string): string => path.replace(/\.(index|meta|data-\d{5}-of-\d{5})$/, '');

const digits = (n: number): string => String(n).padStart(5, '0');

/**
 * Opens a TensorFlow checkpoint without TensorFlow.
 *
 * @param files where `<prefix>.index` and `<prefix>.data-00000-of-0000n` lie
 * @param path the prefix (`model.ckpt-11000000`), or one of these files
 * @throws ModelFileError if the index is missing, damaged, or describes something that cannot be read
 * @see tensorflow/tensorflow: tensorflow/core/protobuf/tensor_bundle.proto
 */
export async function openTensorBundle(files: FileSource, path: string): Promise<TensorBundle> {
  const prefix = checkpointPrefix(path);
  const index = `${prefix}.index`;
  const table = readSortedTable(await files.read(index), index);
  const shards = parseHeader(table.get(''), index);
  const entries = new Map<string, BundleEntry>();
  for (const [name, value] of table) if (name !== '') entries.set(name, parseEntry(name, value, shards, index));

  return {
    entries,
    async read(name) {
      const entry = entries.get(name);
      if (!entry)
        throw new ModelFileError(
          index,
          `expected a variable "${name}", found ${entries.size} others: ${sample([...entries.keys()])}`,
        );
      const type = Object.values(dataTypes).find((candidate) => candidate.name === entry.dtype);
      if (!type) throw new ModelFileError(index, `expected a numeric type for "${name}", found TensorFlow's ${entry.dtype}`);
      const file = `${prefix}.data-${digits(entry.shard)}-of-${digits(shards)}`;
      const bytes = entry.size === 0 ? new Uint8Array(0) : await files.read(file, { start: entry.offset, length: entry.size });
      if (bytes.length !== entry.size)
        throw new ModelFileError(
          file,
          `expected "${name}" at bytes ${entry.offset} to ${entry.offset + entry.size}, found the end of the file. It is truncated: copy or download it again`,
        );
      const computed = maskCrc(crc32c(bytes));
      if (computed !== entry.checksum)
        throw new ModelFileError(
          file,
          `expected checksum ${entry.checksum.toString(16)} for "${name}", found ${computed.toString(16)}. The file is damaged: copy or download it again`,
        );
      return { shape: entry.shape, data: type.view(new Uint8Array(bytes).buffer) }; // the copy aligns it
    },
  };
}

const sample = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')}, ...` : names.join(', ');
