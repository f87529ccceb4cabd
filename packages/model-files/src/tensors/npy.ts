import { fromHalves } from '@gansynth/common/half';
import { ModelFileError } from '../errors.js';
import { elements, type PlainData, type PlainTensor } from './plain-tensor.js';

interface NpyType {
  readonly bytes: number;
  readonly read: (buffer: ArrayBuffer) => PlainData;
}

/** NumPy's type codes without their byte order; narrower integers become int32. */
const types: ReadonlyMap<string, NpyType> = new Map<string, NpyType>([
  ['f2', { bytes: 2, read: (buffer) => fromHalves(new Uint16Array(buffer)) }],
  ['f4', { bytes: 4, read: (buffer) => new Float32Array(buffer) }],
  ['f8', { bytes: 8, read: (buffer) => new Float64Array(buffer) }],
  ['i1', { bytes: 1, read: (buffer) => Int32Array.from(new Int8Array(buffer)) }],
  ['i2', { bytes: 2, read: (buffer) => Int32Array.from(new Int16Array(buffer)) }],
  ['i4', { bytes: 4, read: (buffer) => new Int32Array(buffer) }],
  ['i8', { bytes: 8, read: (buffer) => new BigInt64Array(buffer) }],
  ['u1', { bytes: 1, read: (buffer) => new Uint8Array(buffer) }],
  ['u2', { bytes: 2, read: (buffer) => Int32Array.from(new Uint16Array(buffer)) }],
  ['u4', { bytes: 4, read: (buffer) => Float64Array.from(new Uint32Array(buffer)) }],
  ['b1', { bytes: 1, read: (buffer) => new Uint8Array(buffer) }],
]);

/** The header, a Python dictionary: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), } */
function parseHeader(header: string, file: string): { code: string; bigEndian: boolean; byColumns: boolean; shape: number[] } {
  const descr = /'descr':\s*(?:'([<>|=])(\w+)'|(.{0,40}))/.exec(header);
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape':\s*\(([\d\s,]*)\)/.exec(header)?.[1];
  if (descr === null || order === undefined || sizes === undefined)
    throw new ModelFileError(
      file,
      `expected descr, fortran_order and shape in the header, found ${header.slice(0, 100)}.`,
      header,
    );
  const [, byteOrder, code, other] = descr;
  if (code === undefined || !types.has(code))
    throw new ModelFileError(
      file,
      `expected numbers (${[...types.keys()].join(', ')}), found ${code ?? other}. Convert the array, pickled objects are not read.`,
      code ?? other,
    );
  const shape = sizes.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)]));
  return { code, bigEndian: byteOrder === '>', byColumns: order === 'True', shape };
}

/** The bytes of an array that lies in memory column by column, row by row. */
function byRows(bytes: Uint8Array, shape: readonly number[], size: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes.length);
  const index = shape.map(() => 0);
  for (let at = 0; at < bytes.length; at += size) {
    let from = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) from = from * (shape[axis] ?? 1) + (index[axis] ?? 0);
    copy.set(bytes.subarray(from * size, (from + 1) * size), at);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = ((index[axis] ?? 0) + 1) % (shape[axis] ?? 1);
      if (index[axis] !== 0) break;
    }
  }
  return copy;
}

/**
 * Reads an array that NumPy's `save` wrote (`.npy`), of any numbers, byte order and memory order.
 *
 * @param file its name, for messages
 * @returns float16 as float32, integers below 32 bits as int32, uint32 as float64, booleans as 0 and 1
 * @throws ModelFileError if it is truncated, something else, or holds Python objects
 * @see numpy/numpy: numpy/lib/format.py
 */
export function parseNpy(bytes: Uint8Array, file = 'array.npy'): PlainTensor {
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  const [major = 0] = bytes.subarray(6);
  if (bytes.length < 12 || magic.some((byte, i) => bytes[i] !== byte) || major < 1 || major > 3)
    throw new ModelFileError(file, 'expected a NumPy array (.npy of version 1 to 3), found something else or a truncated file.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = major === 1 ? 10 : 12;
  const end = start + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (end > bytes.length) throw new ModelFileError(file, `expected a header of ${end} bytes, found a file of ${bytes.length}.`);
  const { code, bigEndian, byColumns, shape } = parseHeader(new TextDecoder().decode(bytes.subarray(start, end)), file);
  const type = types.get(code);
  const size = elements(shape) * (type?.bytes ?? Number.NaN);
  if (type === undefined || end + size !== bytes.length)
    throw new ModelFileError(
      file,
      `expected ${size} bytes of ${code} [${shape.join(', ')}], found ${bytes.length - end}. The file is truncated or damaged.`,
      bytes.length - end,
    );
  const values = new Uint8Array(bytes.subarray(end)); // the copy aligns it
  if (bigEndian) for (let at = 0; at < values.length; at += type.bytes) values.subarray(at, at + type.bytes).reverse();
  const rows = byColumns && shape.length > 1 ? byRows(values, shape, type.bytes) : values;
  return { shape, data: type.read(rows.buffer) };
}
