import { readFileSync } from 'node:fs';

export interface Npy {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array;
}

/** Reads a little-endian, C-order numpy file of format 1.0 holding float32, float64 or int32. */
export function readNpy(path: string): Npy {
  const file = readFileSync(path);
  const headerLength = file.readUInt16LE(8);
  const header = file.toString('latin1', 10, 10 + headerLength);
  const type = /'descr':\s*'([^']+)'/.exec(header)?.[1];
  const shape = (/'shape':\s*\(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const bytes = file.buffer.slice(file.byteOffset + 10 + headerLength, file.byteOffset + file.byteLength);
  if (type === '<f4') return { shape, data: new Float32Array(bytes) };
  if (type === '<f8') return { shape, data: new Float64Array(bytes) };
  if (type === '<i4') return { shape, data: new Int32Array(bytes) };
  throw new Error(`readNpy: ${path}: expected <f4, <f8 or <i4, found ${type}`);
}
