/** A tensor at rest: what a file holds, before any backend sees it. Row-major. */
export interface PlainTensor<Data extends PlainData = PlainData> {
  readonly shape: readonly number[];
  readonly data: Data;
}

export type PlainData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/** Float32 tensors by name: the weights of a network. */
export type PlainWeights = Readonly<Record<string, PlainTensor<Float32Array>>>;

/** Number of elements of a shape. */
export const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** One array of all, in order. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let position = 0;
  for (const part of parts) {
    all.set(part, position);
    position += part.length;
  }
  return all;
}
