import { describe, expect, it } from 'vitest';
import { memoryFiles } from '../files/memory-files.js';
import { ModelFileError } from '../errors.js';
import { readWeightsManifest } from './weights-manifest.js';

const bytes = (data: ArrayBufferView): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const read = (manifest: unknown, shards: Record<string, Uint8Array>): ReturnType<typeof readWeightsManifest> =>
  readWeightsManifest(memoryFiles({ 'weights_manifest.json': json(manifest), ...shards }));

const floats = [1.5, -2, 3, 4.25, -5, 6];
const shard = bytes(Float32Array.from(floats));
const weights = [
  { name: 'b', shape: [2], dtype: 'float32' },
  { name: 'a', shape: [2, 2], dtype: 'float32' },
];

describe('readWeightsManifest', () => {
  it('reads tensors in any order, cut anywhere between shards', async () => {
    for (let cut = 0; cut <= shard.length; cut++) {
      const parts = { 's1.bin': shard.subarray(0, cut), 's2.bin': shard.subarray(cut) };
      const read1 = await read([{ paths: ['s1.bin', 's2.bin'], weights }], parts);
      expect(read1['b']).toEqual({ shape: [2], data: Float32Array.from(floats.slice(0, 2)) });
      expect(read1['a']).toEqual({ shape: [2, 2], data: Float32Array.from(floats.slice(2)) });
    }
  });

  it('reads the manifest inside a model.json, with shards beside it', async () => {
    const files = memoryFiles({ 'm/model.json': json({ weightsManifest: [{ paths: ['s'], weights }] }), 'm/s': shard });
    expect(Object.keys(await readWeightsManifest(files, 'm/model.json'))).toEqual(['b', 'a']);
  });

  it.each([
    ['uint8', { dtype: 'uint8', scale: 0.5, min: -1 }, Uint8Array.of(0, 3, 255), [-1, 0.5, 126.5]],
    ['uint16', { dtype: 'uint16', scale: 0.25, min: 2 }, Uint16Array.of(0, 1, 65535), [2, 2.25, 16385.75]],
    // half precision: 1, -2, 2^-24 (subnormal)
    ['float16', { dtype: 'float16' }, Uint16Array.of(0x3c00, 0xc000, 0x0001), [1, -2, 2 ** -24]],
  ])('restores weights quantised to %s', async (_name, quantization, data, expected) => {
    const spec = { name: 'w', shape: [3], dtype: 'float32', quantization };
    expect((await read([{ paths: ['s'], weights: [spec] }], { s: bytes(data) }))['w']?.data).toEqual(Float32Array.from(expected));
  });

  const [spec] = weights;
  const hostile: [string, unknown, RegExp][] = [
    ['no manifest', { layers: [] }, /expected a weights manifest/],
    ['a group without paths', [{ weights }], /weightsManifest\.0\.paths: expected a value/],
    ['a path out of the folder', [{ paths: ['../../etc/passwd'], weights }], /inside the model's folder/],
    ['an absolute path', [{ paths: ['/etc/passwd'], weights }], /inside the model's folder/],
    ['a URL', [{ paths: ['file:///etc/passwd'], weights }], /inside the model's folder/],
    [
      'more weights than bytes',
      [{ paths: ['s'], weights: [...weights, { ...spec, name: 'c' }] }],
      /expected 32 bytes of weights in s, found 24/,
    ],
    ['fewer weights than bytes', [{ paths: ['s'], weights: [spec] }], /expected 8 bytes/],
    ['a size beyond reason', [{ paths: ['s'], weights: [{ ...spec, shape: [2 ** 50, 2 ** 50] }] }], /from 0 to 1073741824/],
    [
      'a size that is too large with the others',
      [{ paths: ['s'], weights: [{ ...spec, shape: [2 ** 20, 2 ** 20] }] }],
      /at most 1073741824 values/,
    ],
    ['a negative size', [{ paths: ['s'], weights: [{ ...spec, shape: [-2, -3] }] }], /shape\.0: expected a whole number/],
    ['an unknown dtype', [{ paths: ['s'], weights: [{ ...spec, dtype: 'string' }] }], /one of float32, int32/],
    [
      'quantisation without a scale',
      [{ paths: ['s'], weights: [{ ...spec, quantization: { dtype: 'uint8' } }] }],
      /quantization\.scale: expected a value/,
    ],
    ['a name twice', [{ paths: ['s'], weights: [spec, { ...spec, shape: [4] }] }], /found "b" again/],
    ['a name that is a property of every object', [{ paths: ['s'], weights: [{ ...spec, name: '__proto__' }] }], /bytes/],
    ['a shard that is not there', [{ paths: ['t'], weights }], /t: expected this file/],
  ];
  it.each(hostile)('refuses %s', async (_name, manifest, message) => {
    const error: unknown = await read(manifest, { s: shard }).catch((reason: unknown) => reason);
    expect(ModelFileError.isInstance(error)).toBe(true);
    expect((error as Error).message).toMatch(message);
  });

  it('refuses weights that are not numbers', async () => {
    const broken = bytes(Float32Array.from([1, Number.NaN, 3, 4, 5, 6]));
    await expect(read([{ paths: ['s'], weights }], { s: broken })).rejects.toThrow(/finite numbers in "b"/);
  });
});
