/** 16-bit floats as IEEE 754 has them: 11 significant bits, largest 65,504, steps of 2^-24 below 2^-14. */
export const largestHalf = 65_504;

/** @param bits of a 32-bit float @param value the same as a number @returns bits of the nearest 16-bit one, ties to even */
function halfOf(bits: number, value: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  // From 2^16 on all is infinite; what is not a number stays so.
  if (magnitude >= 0x47800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00);
  // From 2^-14 on: another bias of the exponent, 13 bits of the fraction rounded away. A carry goes into the exponent, as it should.
  if (magnitude >= 0x38800000) return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  // Whole steps of 2^-24: beyond 2^52 a double has no others.
  return sign | (Math.abs(value) * 2 ** 24 + 2 ** 52 - 2 ** 52);
}

/** The nearest 16-bit floats of `values` times `scale`, as bits. @param halves of the same length */
export function toHalves(values: Float32Array, scale: number, halves: Uint16Array): void {
  const scaled = new Float32Array(1);
  const bits = new Int32Array(scaled.buffer);
  for (let i = 0; i < values.length; i++) {
    scaled[0] = values[i]! * scale;
    halves[i] = halfOf(bits[0]!, scaled[0]);
  }
}

let table: Float32Array | undefined;

/** What all 65,536 mean. */
export function halfValues(): Float32Array {
  table ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >>> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
  });
  return table;
}

/** What 16-bit floats mean. */
export function fromHalves(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const meaning = halfValues();
  const values = new Float32Array(halves.length);
  for (let i = 0; i < values.length; i++) values[i] = meaning[halves[i]!]!;
  return values;
}
