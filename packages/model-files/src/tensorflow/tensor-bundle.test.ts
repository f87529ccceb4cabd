import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readGolden, unpackGolden } from '@gansynth/test-kit';
import { crc32c, maskCrc } from '@gansynth/common/crc32c';
import { memoryFiles } from '../files/memory-files.js';
import { ModelFileError } from '../errors.js';
import { folderFiles } from '../node.js';
import { openTensorBundle } from './tensor-bundle.js';

// A writer of the same format, from its description, small and slow.
const bytesOf = (...parts: (number | readonly number[] | Uint8Array)[]): number[] =>
  parts.flatMap((part) => (typeof part === 'number' ? [part] : [...part]));
const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];
const varint = (n: number): number[] => (n < 128 ? [n] : [(n % 128) + 128, ...varint(Math.floor(n / 128))]);
const fixed32 = (n: number): number[] => [n & 255, (n >>> 8) & 255, (n >>> 16) & 255, n >>> 24];
const message = (field: number, content: number[]): number[] => [field * 8 + 2, ...varint(content.length), ...content];

function block(entries: readonly [key: number[], value: number[]][]): number[] {
  let previous: number[] = [];
  const body = entries.flatMap(([key, value]) => {
    let shared = 0;
    while (shared < key.length && key[shared] === previous[shared]) shared++;
    previous = key;
    return [...varint(shared), ...varint(key.length - shared), ...varint(value.length), ...key.slice(shared), ...value];
  });
  const content = [...body, ...fixed32(0), ...fixed32(1)];
  return [...content, 0, ...fixed32(maskCrc(crc32c(Uint8Array.from([...content, 0]))))];
}

interface Variable {
  readonly name: string;
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

function writeBundle(variables: readonly Variable[], header: number[] = [8, 1]): Record<string, Uint8Array> {
  let offset = 0;
  const entries = variables.map(({ name, dtype, shape, bytes }): [number[], number[]] => {
    const dimensions = shape.flatMap((size) => message(2, size === 0 ? [] : [8, ...varint(size)]));
    const entry = bytesOf(8, varint(dtype), message(2, dimensions), 32, varint(offset), 40, varint(bytes.length));
    offset += bytes.length;
    return [utf8(name), [...entry, 53, ...fixed32(maskCrc(crc32c(bytes)))]];
  });
  const half = Math.ceil(entries.length / 2); // two data blocks
  const blocks = [block([[[], header], ...entries.slice(0, half)]), block(entries.slice(half)), block([])];
  const handles: number[][] = [];
  let position = 0;
  for (const { length } of blocks) {
    handles.push([...varint(position), ...varint(length - 5)]);
    position += length;
  }
  const index = block([
    [utf8('m'), handles[0]!],
    [utf8('z'), handles[1]!],
  ]);
  const footer = [...handles[2]!, ...varint(position), ...varint(index.length - 5)];
  const padded = [
    ...footer,
    ...Array.from({ length: 40 - footer.length }, () => 0),
    0x57,
    0xfb,
    0x80,
    0x8b,
    0x24,
    0x75,
    0x47,
    0xdb,
  ];
  return {
    'model.index': Uint8Array.from([...blocks.flat(), ...index, ...padded]),
    'model.data-00000-of-00001': Uint8Array.from(variables.flatMap(({ bytes }) => [...bytes])),
  };
}

const view = (data: ArrayBufferView): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
const variables: readonly Variable[] = [
  { name: 'a/bias', dtype: 1, shape: [3], bytes: view(Float32Array.of(1.5, -2, 3e-20)) },
  { name: 'a/kernel', dtype: 1, shape: [2, 2], bytes: view(Float32Array.of(1, 2, 3, 4)) },
  { name: 'b/empty', dtype: 3, shape: [0, 7], bytes: new Uint8Array(0) },
  { name: 'global_step', dtype: 9, shape: [], bytes: view(BigInt64Array.of(11_000_000_000n)) },
];

const open = (files: Record<string, Uint8Array>): Promise<unknown> => openTensorBundle(memoryFiles(files), 'model');

/** Everything a bundle holds, or the error it gives. Anything but a ModelFileError escapes and fails the test. */
async function outcome(files: Record<string, Uint8Array>): Promise<string> {
  try {
    const bundle = await openTensorBundle(memoryFiles(files), 'model');
    const read = await Promise.all([...bundle.entries.keys()].map(async (name) => [name, await bundle.read(name)] as const));
    return JSON.stringify(read, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
  } catch (error) {
    if (!ModelFileError.isInstance(error)) throw error;
    expect(error.file).toMatch(/^model\./);
    return 'refused';
  }
}

describe('openTensorBundle', () => {
  it('reads floats, integers beyond 32 bits, scalars and empty tensors, at unaligned offsets', async () => {
    const odd = { name: 'Z', dtype: 4, shape: [1], bytes: Uint8Array.of(7) };
    const bundle = await openTensorBundle(memoryFiles(writeBundle([odd, ...variables])), 'model');
    expect(await bundle.read('a/bias')).toEqual({ shape: [3], data: Float32Array.of(1.5, -2, 3e-20) });
    expect(await bundle.read('a/kernel')).toEqual({ shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) });
    expect(await bundle.read('b/empty')).toEqual({ shape: [0, 7], data: new Int32Array(0) });
    expect(await bundle.read('global_step')).toEqual({ shape: [], data: BigInt64Array.of(11_000_000_000n) });
  });

  it('takes the name of the index or data file as well as the prefix', async () => {
    for (const name of ['model', 'model.index', 'model.data-00000-of-00001'])
      expect((await openTensorBundle(memoryFiles(writeBundle(variables)), name)).entries.size).toBe(4);
  });

  it('says which variables there are when one is not', async () => {
    const bundle = await openTensorBundle(memoryFiles(writeBundle(variables)), 'model');
    await expect(bundle.read('a/weights')).rejects.toThrow(
      /expected a variable "a\/weights", found 4 others: a\/bias, a\/kernel/,
    );
  });

  it('refuses other files, big-endian tensors, and sizes that contradict shapes, saying so', async () => {
    await expect(open({ 'model.index': new TextEncoder().encode('{}'.repeat(50)) })).rejects.toThrow(
      /expected a TensorFlow checkpoint index/,
    );
    await expect(open(writeBundle(variables, [8, 1, 16, 1]))).rejects.toThrow(/little-endian/);
    const wrong = { name: 'a', dtype: 1, shape: [5], bytes: new Uint8Array(4) };
    await expect(open(writeBundle([wrong]))).rejects.toThrow(/expected 20 bytes for "a" of shape \[5\] float32, found 4/);
    await expect(open({})).rejects.toThrow(/model\.index: expected this file/);
  });

  it('refuses a file with any bit flipped, or reads the same (in bytes that mean nothing): never other numbers', async () => {
    const whole = writeBundle(variables);
    const intact = await outcome(whole);
    const results = new Set<string>();
    for (const [name, bytes] of Object.entries(whole))
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const damaged = bytes.slice();
        damaged[bit >> 3] = damaged[bit >> 3]! ^ (1 << (bit & 7));
        results.add(await outcome({ ...whole, [name]: damaged }));
      }
    expect([...results].sort()).toEqual([intact, 'refused'].sort());
  });

  it('refuses a file cut off anywhere', async () => {
    const whole = writeBundle(variables);
    for (const [name, bytes] of Object.entries(whole))
      for (let length = 0; length < bytes.length; length++)
        expect(await outcome({ ...whole, [name]: bytes.subarray(0, length) })).toBe('refused');
  });

  it('refuses nonsense behind correct checksums without hanging or filling memory', async () => {
    const hostile = (entry: number[]): Promise<string> => {
      const data = block([
        [[], [8, 1]],
        [utf8('x'), entry],
      ]);
      const index = block([[utf8('z'), [...varint(0), ...varint(data.length - 5)]]]);
      const footer = [0, 0, ...varint(data.length), ...varint(index.length - 5)];
      const padded = [
        ...footer,
        ...Array.from({ length: 40 - footer.length }, () => 0),
        0x57,
        0xfb,
        0x80,
        0x8b,
        0x24,
        0x75,
        0x47,
        0xdb,
      ];
      return outcome({
        'model.index': Uint8Array.from([...data, ...index, ...padded]),
        'model.data-00000-of-00001': new Uint8Array(8),
      });
    };
    const huge = [255, 255, 255, 255, 255, 255, 255, 15];
    const petabytes = bytesOf(8, 1, message(2, message(2, [8, ...varint(2 ** 48)])), 40, varint(2 ** 50), 53, fixed32(0));
    const beyond = bytesOf(8, 1, message(2, message(2, [8, 1])), 32, varint(2 ** 45), 40, 4, 53, fixed32(0));
    for (const entry of [[8, ...huge, 255], [18, ...huge], [11], petabytes, beyond, [8, 1, 24, 9]])
      expect(await hostile(entry)).toBe('refused');
  });
});

describe('openTensorBundle on a checkpoint TensorFlow wrote', () => {
  type Listing = Record<string, Record<string, { shape: number[]; dtype: string; sum: number; sumsq: number }>>;
  const unpacked = mkdtempSync(join(tmpdir(), 'gansynth-bundle-'));
  afterAll(() => rmSync(unpacked, { recursive: true, force: true }));
  const files = folderFiles(unpackGolden('tf1-checkpoint/acoustic_tiny', unpacked));

  it.each([
    ['stage_00000', 'model.ckpt-800000'],
    ['stage_00012', 'model.ckpt-11000000'],
  ])('reads every variable of %s exactly', async (stage, prefix) => {
    const listing = readGolden<Listing>('tf1-checkpoint/variables.json')[stage] ?? {};
    const bundle = await openTensorBundle(files, `${stage}/${prefix}`);
    expect([...bundle.entries.keys()].sort()).toEqual(Object.keys(listing).sort());
    for (const [name, { shape, dtype, sum, sumsq }] of Object.entries(listing)) {
      const tensor = await bundle.read(name);
      const numbers = Array.from(tensor.data, Number);
      expect([tensor.shape, bundle.entries.get(name)?.dtype], name).toEqual([shape, dtype]);
      const total = (f: (x: number) => number): number => numbers.reduce((all, x) => all + f(x), 0);
      // Only the order of the float64 summation differs.
      const scale = Math.sqrt(sumsq * numbers.length) + 1e-30;
      expect(Math.abs(total((x) => x) - sum) / scale, name).toBeLessThan(1e-12);
      expect(
        total((x) => x * x),
        name,
      ).toBeCloseTo(sumsq, -Math.log10(Math.max(sumsq, 1e-12) * 1e-11));
    }
  });
});
