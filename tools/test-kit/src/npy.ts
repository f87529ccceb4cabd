export interface Npy {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array;
}

/** Parses a little-endian, C-order numpy file of format 1.0 holding float32, float64 or int32. `name` is for the error. */
export function parseNpy(file: Uint8Array, name: string): Npy {
  const headerLength = new DataView(file.buffer, file.byteOffset, file.byteLength).getUint16(8, true);
  const header = new TextDecoder('latin1').decode(file.subarray(10, 10 + headerLength));
  const type = /'descr':\s*'([^']+)'/.exec(header)?.[1];
  const shape = (/'shape':\s*\(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  // A copy, so that it starts at a multiple of its element size; Buffer's own slice would not copy.
  const bytes = new Uint8Array(file.subarray(10 + headerLength)).buffer;
  if (type === '<f4') return { shape, data: new Float32Array(bytes) };
  if (type === '<f8') return { shape, data: new Float64Array(bytes) };
  if (type === '<i4') return { shape, data: new Int32Array(bytes) };
  throw new Error(`readNpy: ${name}: expected <f4, <f8 or <i4, found ${type}`);
}
