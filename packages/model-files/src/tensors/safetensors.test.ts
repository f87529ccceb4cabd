import { describe, expect, it } from 'vitest';
import { encodeSafetensors, ModelFileError, parseSafetensors, type PlainTensor } from '../index.js';

const tensors: Record<string, PlainTensor> = {
  'a.weight': { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 1e-20, 5, 6) },
  b: { shape: [], data: BigInt64Array.of(11_000_000_000n) },
  c: { shape: [2], data: Int32Array.of(-1, 2) },
  d: { shape: [1], data: Float64Array.of(Math.PI) },
  e: { shape: [3], data: Uint8Array.of(1, 2, 3) },
};

/** A file from its parts, as the format's description has it: 8 bytes of length, JSON, data. */
function file(header: unknown, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setUint32(0, json.length, true);
  return Buffer.concat([length, json, data]);
}

describe('safetensors', () => {
  it('come back as they were written, with their metadata', () => {
    const bytes = encodeSafetensors(tensors, { licence: 'CC0-1.0' });
    expect(parseSafetensors(bytes)).toEqual({ tensors, metadata: { licence: 'CC0-1.0' } });
    expect(parseSafetensors(Buffer.concat([new Uint8Array(1), bytes]).subarray(1)).tensors).toEqual(tensors);
  });

  it('of halves are read as float32', () => {
    const bytes = Uint8Array.of(0x00, 0x3c, 0x00, 0xc0, 0x80, 0x3f, 0x20, 0xc1);
    const header = {
      half: { dtype: 'F16', shape: [2], data_offsets: [0, 4] },
      brain: { dtype: 'BF16', shape: [2], data_offsets: [4, 8] },
    };
    const { half, brain } = parseSafetensors(file(header, bytes)).tensors;
    expect([half?.data, brain?.data]).toEqual([Float32Array.of(1, -2), Float32Array.of(1, -10)]);
  });

  const entry = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };
  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(3), /at least 8 bytes/],
    ['a header longer than the file', file({}).fill(0xff, 0, 8), /expected a header of/],
    ['no object', file([1]), /expected a JSON object/],
    ['an unknown type', file({ a: { ...entry, dtype: 'F8_E4M3' } }, new Uint8Array(4)), /a\.dtype: expected one of F32/],
    ['another size than the shape says', file({ a: { ...entry, shape: [2] } }, new Uint8Array(4)), /expected 8 bytes/],
    ['bytes beyond the end', file({ a: entry }), /a\.data_offsets\.1: expected a whole number from 0 to 0/],
    ['bytes left over', file({ a: entry }, new Uint8Array(5)), /expected 4 bytes of data, found 5/],
    ['tensors that overlap', file({ a: entry, b: entry }, new Uint8Array(4)), /expected a tensor at byte 4/],
    ['a gap', file({ a: { ...entry, data_offsets: [4, 8] } }, new Uint8Array(8)), /expected a tensor at byte 0/],
    [
      'a shape beyond reason',
      file({ a: { ...entry, shape: [2 ** 60] } }, new Uint8Array(4)),
      /shape\.0: expected a whole number/,
    ],
  ])('with %s are refused', (_name, bytes, message) => {
    let error: unknown;
    try {
      parseSafetensors(bytes);
    } catch (thrown) {
      error = thrown;
    }
    expect(ModelFileError.isInstance(error)).toBe(true);
    expect(String(error)).toMatch(message);
  });

  it('cut off anywhere are refused', () => {
    const bytes = encodeSafetensors(tensors);
    for (let length = 0; length < bytes.length; length++)
      expect(() => parseSafetensors(bytes.subarray(0, length))).toThrow(ModelFileError);
  });
});
