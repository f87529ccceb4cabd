import { readGoldenBytes, readGoldenNpy } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import { encodeNpy, ModelFileError, parseNpy, parseNpz } from '../index.js';

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
/** A file as NumPy 2.4 writes it (numpy.save): magic, version 1, header filled up with blanks to 128 bytes, data. */
const npy = (header: string, base64: string): Uint8Array =>
  Buffer.concat([Uint8Array.of(0x93), Buffer.from('NUMPY\u0001\0v\0'), Buffer.from(`${header.padEnd(117)}\n`), bytesOf(base64)]);

const arrays: [string, Uint8Array, readonly number[], ArrayLike<number | bigint>][] = [
  [
    'float32',
    npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", 'AADAPwAAAMAAAEBAAACAQA=='),
    [2, 2],
    Float32Array.of(1.5, -2, 3, 4),
  ],
  [
    'big-endian float64',
    npy("{'descr': '>f8', 'fortran_order': False, 'shape': (2,), }", 'fjfkPIgAdZy/4AAAAAAAAA=='),
    [2],
    Float64Array.of(1e300, -0.5),
  ],
  [
    'int32 in columns',
    npy("{'descr': '<i4', 'fortran_order': True, 'shape': (2, 3), }", 'AAAAAAMAAAABAAAABAAAAAIAAAAFAAAA'),
    [2, 3],
    Int32Array.of(0, 1, 2, 3, 4, 5),
  ],
  [
    'three axes in columns',
    npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 2), }", 'AAYCCAQKAQcDCQUL'),
    [2, 3, 2],
    Uint8Array.from({ length: 12 }, (_, i) => i),
  ],
  [
    'an int64 beyond 32 bits, of no axes',
    npy("{'descr': '<i8', 'fortran_order': False, 'shape': (), }", 'AK6mjwIAAAA='),
    [],
    BigInt64Array.of(11_000_000_000n),
  ],
  [
    'float16, subnormal too',
    npy("{'descr': '<f2', 'fortran_order': False, 'shape': (3,), }", 'ADwAwAEA'),
    [3],
    Float32Array.of(1, -2, 2 ** -24),
  ],
  ['big-endian int16', npy("{'descr': '>i2', 'fortran_order': False, 'shape': (2,), }", '//0ABw=='), [2], Int32Array.of(-3, 7)],
  ['booleans', npy("{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", 'AQA='), [2], Uint8Array.of(1, 0)],
  ['uint32', npy("{'descr': '<u4', 'fortran_order': False, 'shape': (1,), }", '/////w=='), [1], Float64Array.of(4_294_967_295)],
  ['nothing', npy("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 3), }", ''), [0, 3], new Float32Array(0)],
];
/** numpy.savez of the original's normaliser (one row of four) and of a table. */
const stored =
  'UEsDBC0AAAAAAAAAIQDuGIbS//////////8OABQAbm9ybWFsaXplci5ucHkBABAAoAAAAAAAAACgAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxmOCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICg0LCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKX+3ChV3usD9Z6T2zqxy9P5qZmZmZmek/AAAAAAAAAABQSwMELQAAAAAAAAAhAEWE7Zn//////////wkAFAB0YWJsZS5ucHkBABAAoAAAAAAAAACgAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxmNCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCA0KSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAAgD8AAABAAABAQAAAgEAAAKBAAADAQAAA4EBQSwECLQMtAAAAAAAAACEA7hiG0qAAAACgAAAADgAAAAAAAAAAAAAAgAEAAAAAbm9ybWFsaXplci5ucHlQSwECLQMtAAAAAAAAACEARYTtmaAAAACgAAAACQAAAAAAAAAAAAAAgAHgAAAAdGFibGUubnB5UEsFBgAAAAACAAIAcwAAALsBAAAAAA==';
/** numpy.savez_compressed of 100 x 3 zeros, and of 0 to 4. */
const compressed =
  'UEsDBC0AAAAIAAAAIQAwf8md//////////8FABQAYS5ucHkBABAAMAUAAAAAAABSAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GoYGBjoKxpo6CrUKZAIuhlEwCkbBKBgiAABQSwMELQAAAAgAAAAhAMt3nan//////////wUAFABiLm5weQEAEACoAAAAAAAAAFEAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkapjqaOgq1ChQALgYoYITSTFCaGUqzQGkAUEsBAi0DLQAAAAgAAAAhADB/yZ1SAAAAMAUAAAUAAAAAAAAAAAAAAIABAAAAAGEubnB5UEsBAi0DLQAAAAgAAAAhAMt3nalRAAAAqAAAAAUAAAAAAAAAAAAAAIABiQAAAGIubnB5UEsFBgAAAAACAAIAZgAAABEBAAAAAA==';

describe('an array that is written', () => {
  it('is what NumPy writes, byte for byte', () => {
    const [, bytes, shape, data] = arrays[0]!;
    expect(encodeNpy({ shape, data: Float32Array.from(data, Number) })).toEqual(new Uint8Array(bytes));
  });

  it.each([[[]], [[3]], [[2, 0]], [[1, 4, 16]]])('is the same when it is read: [%s]', (shape) => {
    const size = shape.reduce((product, side) => product * side, 1);
    const data = Float32Array.from({ length: size }, (_, i) => Math.fround(i / 3 - 1));
    expect(parseNpy(encodeNpy({ shape, data }))).toEqual({ shape, data });
  });
});

const jsonOf = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}` : inner));

/** What an archive holds, as JSON, or '"refused"'. */
const contentOf = (bytes: Uint8Array): string => jsonOf(outcome(() => Object.values(parseNpz(bytes))));

/** Runs a parser over bytes; a ModelFileError is "refused", any other escapes. */
function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (ModelFileError.isInstance(error)) return 'refused';
    throw error;
  }
}

describe('parseNpy', () => {
  it.each(arrays)('reads %s', (_name, bytes, shape, data) => {
    const padded = Buffer.concat([new Uint8Array(3), bytes]).subarray(3); // unaligned
    expect(parseNpy(padded)).toEqual({ shape, data });
  });

  it('refuses pickled objects, which would run a stranger’s code, and names what it reads', () => {
    const pickled = npy("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", 'gASVjw==');
    expect(() => parseNpy(pickled, 'x.npy')).toThrow(/x.npy: expected numbers \(f2, f4, .*found O\. .*pickled/);
  });

  it('refuses an array cut off anywhere, or with bytes left over', () => {
    for (const [, whole] of arrays) {
      for (let length = 0; length < whole.length; length++)
        expect(outcome(() => parseNpy(whole.subarray(0, length)))).toBe('refused');
      expect(outcome(() => parseNpy(Buffer.concat([whole, new Uint8Array(1)])))).toBe('refused');
    }
  });

  it('reads numbers or refuses, whatever byte of the header is changed: no other error, no endless loop', () => {
    const whole = arrays[2]?.[1] ?? new Uint8Array();
    for (let at = 0; at < whole.length; at++)
      for (const byte of [0, 0x29, 0x39, 0xff]) outcome(() => parseNpy(whole.with(at, byte)));
  });
});

describe('parseNpz', () => {
  it('reads stored arrays by name: a normaliser of the original as the row that spectral takes', () => {
    const { normalizer, table } = parseNpz(bytesOf(stored));
    expect([...(normalizer?.data ?? [])]).toEqual([0.0661371661726, 0.113718730221, 0.8, 0]);
    expect(table).toEqual({ shape: [2, 4], data: Float32Array.from([0, 1, 2, 3, 4, 5, 6, 7]) });
  });

  it('reads compressed arrays', () => {
    const { a, b } = parseNpz(bytesOf(compressed));
    expect(a).toEqual({ shape: [100, 3], data: new Float32Array(300) });
    expect(b).toEqual({ shape: [5], data: BigInt64Array.from([0n, 1n, 2n, 3n, 4n]) });
  });

  it.each([
    ['stored', stored],
    ['compressed', compressed],
  ])('refuses a %s file with any bit of its arrays flipped, or reads the same', (_name, base64) => {
    const whole = bytesOf(base64);
    const results = new Set<string>();
    for (let bit = 0; bit < 8 * whole.length; bit++)
      results.add(contentOf(whole.with(bit >> 3, (whole[bit >> 3] ?? 0) ^ (1 << (bit & 7)))));
    for (let length = 0; length < whole.length; length++) results.add(contentOf(whole.subarray(0, length)));
    // A flipped bit of the directory's count hides an array; the arrays that are read are whole.
    const intact = Object.values(parseNpz(whole));
    const some = [intact, intact.slice(0, 1), intact.slice(1), []].map(jsonOf);
    expect([...results].filter((result) => ![...some, '"refused"'].includes(result))).toEqual([]);
  });

  it('refuses arrays that would take all memory before it makes room for them', () => {
    const whole = bytesOf(compressed);
    const directory = whole.lastIndexOf(0x06) - 3 - 102;
    const huge = whole.slice();
    new DataView(huge.buffer).setUint32(directory + 24, 0xfffffff0, true);
    expect(outcome(() => parseNpz(huge))).toBe('refused');
  });
});

describe('normalisers that the original wrote', () => {
  it.each(['specgrams_simple_normalizer', 'specgrams_freq_normalizer'])('%s.npz holds the values it measured', (name) => {
    const { normalizer } = parseNpz(readGoldenBytes(`normalizer/${name}.npz`), `${name}.npz`);
    const { data, shape } = readGoldenNpy(`normalizer/${name}_values.npy`);
    expect(normalizer?.shape).toEqual(shape);
    expect(Array.from(normalizer?.data ?? [], Number)).toEqual([...data]);
  });
});
