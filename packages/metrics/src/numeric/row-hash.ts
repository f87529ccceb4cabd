const bytes = new DataView(new ArrayBuffer(8));

/** 32-bit hash of a row's values (as doubles, so that float32 and float64 arrays of the same numbers agree). */
export function hashRow(data: ArrayLike<number>, offset: number, length: number, seed = 0): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  // A few values tell rows apart as well as all do, unless they are equal there: then they only land in the same half.
  const step = Math.max(1, Math.floor(length / 64));
  for (let i = 0; i < length; i += step) {
    bytes.setFloat64(0, data[offset + i]!, true);
    h = Math.imul(h ^ bytes.getUint32(0, true), 0x01000193);
    h = Math.imul(h ^ bytes.getUint32(4, true), 0x01000193);
    h ^= h >>> 15;
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 0 or 1 by the row's content: the same split in whatever order and on whatever machine the rows come. */
export const halfOfRow = (data: ArrayLike<number>, offset: number, length: number): 0 | 1 =>
  hashRow(data, offset, length) & 1 ? 1 : 0;
