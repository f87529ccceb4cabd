import type { PlainTensor } from './plain-tensor.js';

/** The header ends at a multiple of this. */
const alignment = 64;

/**
 * An array as NumPy's `load` reads it (`.npy`, version 1): float32, row by row.
 *
 * @see numpy/numpy: numpy/lib/format.py
 */
export function encodeNpy({ shape, data }: PlainTensor<Float32Array>): Uint8Array<ArrayBuffer> {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sizes}), }`;
  // Magic, version and length take ten bytes, the end of the line one.
  const header = `${dictionary.padEnd(alignment * Math.ceil((dictionary.length + 11) / alignment) - 11)}\n`;
  const start = 10 + header.length;
  const bytes = new Uint8Array(start + 4 * data.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  const view = new DataView(bytes.buffer);
  view.setUint16(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), 10);
  for (const [index, value] of data.entries()) view.setFloat32(start + 4 * index, value, true);
  return bytes;
}
