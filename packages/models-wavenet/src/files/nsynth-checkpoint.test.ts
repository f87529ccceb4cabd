import { mkdtempSync, openSync, rmSync, truncateSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryFiles, type FileSource } from '@gansynth/model-files';
import { folderFiles } from '@gansynth/model-files/node';
import { bundleFiles, bundleIndex, expectClose, placed, type PlacedVariable } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encode } from '../autoencoder/encode.js';
import { presets } from '../config/presets.js';
import { createSampler } from '../sampler/create-sampler.js';
import { goldenConfig, goldenDecoder, goldenValues, goldenWeights } from '../test-support/golden.js';
import { checkpointVariables, checksumOf } from '../test-support/nsynth-checkpoint.js';
import { loadNsynthCheckpoint } from './nsynth-checkpoint.js';

const info = goldenDecoder();
const config = goldenConfig(info);

/** The tiny NSynth of the golden numbers as a checkpoint; averages are twice the weights. */
function tinyFiles(): Record<string, Uint8Array> {
  const weights = goldenWeights(config);
  const values = (name: string): Float32Array | null =>
    weights[name]?.data ?? weights[name.replace('/ExponentialMovingAverage', '')]?.data.map((value) => 2 * value) ?? null;
  return bundleFiles('tiny.ckpt-7', checkpointVariables(config, values, 7), checksumOf);
}

const first = (values: Iterable<number> | undefined): number[] => [...(values ?? [])].slice(0, 9);

const mostlyZero = (name: string): Float32Array | null =>
  name === 'logits/biases' ? Float32Array.from({ length: 256 }, (_, code) => code / 256) : null;

/** Counts what is read. */
function counted(source: FileSource): FileSource & { bytes: number; largest: number } {
  const counting = {
    bytes: 0,
    largest: 0,
    read: async (...parameters: Parameters<FileSource['read']>) => {
      const bytes = await source.read(...parameters);
      counting.bytes += bytes.length;
      counting.largest = Math.max(counting.largest, bytes.length);
      return bytes;
    },
  };
  return counting;
}

beforeAll(() => tf.setBackend('cpu'));

describe('a checkpoint of the NSynth autoencoder', () => {
  it.each(['tiny.ckpt-7', 'tiny.ckpt-7.index', 'tiny.ckpt-7.data-00000-of-00001', 'tiny.ckpt-7.meta'])(
    'is found by %s',
    async (path) => {
      const { model, steps } = await loadNsynthCheckpoint(memoryFiles(tinyFiles()), { path, network: config });
      expect(steps).toBe(7);
      const { data } = await encode(model, goldenValues('decoder/wav').data.slice(0, info.length));
      expectClose(data, goldenValues('decoder/encoder_output_from_wav').data.subarray(0, data.length), {
        absolute: 1e-5,
        relative: 1e-5,
      });
      model.dispose();
    },
  );

  it('gives raw weights unless averages are asked for, and one part where one is wanted', async () => {
    const files = memoryFiles(tinyFiles());
    const load = (options: object): ReturnType<typeof loadNsynthCheckpoint> =>
      loadNsynthCheckpoint(files, { path: 'tiny.ckpt-7', network: config, ...options });
    const before = tf.memory().numTensors;
    const [raw, averaged] = [(await load({})).model, (await load({ weights: 'averaged' })).model];
    expect(first(averaged.weights['out1/W']?.dataSync())).toEqual(
      first(raw.weights['out1/W']?.dataSync()).map((value) => 2 * value),
    );
    const [encoder, decoder] = [(await load({ part: 'encoder' })).model, (await load({ part: 'decoder' })).model];
    expect([encoder.hasEncoder, encoder.hasDecoder, decoder.hasEncoder, decoder.hasDecoder]).toEqual([true, false, false, true]);
    await expect(createSampler(encoder)).rejects.toThrow(/expected a model with a decoder, found an encoder alone/);
    expect(() => encoder.predict([new Float32Array(32)], null)).toThrow(/startconv/);
    for (const each of [raw, averaged, encoder, decoder]) each.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is refused where it is of another size, incomplete or damaged, and leaves nothing behind', async () => {
    const before = tf.memory().numTensors;
    const load = (files: Record<string, Uint8Array>, network = config) =>
      loadNsynthCheckpoint(memoryFiles(files), { path: 'tiny.ckpt-7', network });
    await expect(load(tinyFiles(), presets.nsynth)).rejects.toThrow(
      /expected a variable ae_bottleneck\/W \[1,1,128,16\] of float32, found \[1,1,6,4\]/,
    );
    await expect(load(tinyFiles(), { ...config, layers: 9 })).rejects.toThrow(/cond_map_9/);
    const { 'tiny.ckpt-7.data-00000-of-00001': data = new Uint8Array(), ...rest } = tinyFiles();
    await expect(load({ ...rest, 'tiny.ckpt-7.data-00000-of-00001': data.subarray(0, 1000) })).rejects.toThrow(/truncated/);
    const flipped = data.map((byte, at) => (at === 5 ? byte ^ 1 : byte));
    await expect(load({ ...rest, 'tiny.ckpt-7.data-00000-of-00001': flipped })).rejects.toThrow(/checksum/);
    await expect(load({})).rejects.toThrow(/tiny.ckpt-7.index/);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('the released checkpoint, its entries and sizes, all but a few values zero', () => {
  let folder: string;
  let variables: readonly PlacedVariable[];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'nsynth-'));
    variables = placed(checkpointVariables(presets.nsynth, mostlyZero));
    writeFileSync(join(folder, 'model.ckpt-200000.index'), bundleIndex(variables, checksumOf));
    // A sparse file: holes take no room.
    const data = join(folder, 'model.ckpt-200000.data-00000-of-00001');
    const file = openSync(data, 'w');
    for (const { bytes, offset } of variables) if (bytes) writeSync(file, bytes, 0, bytes.length, offset);
    closeSync(file);
    truncateSync(
      data,
      variables.reduce((sum, { size }) => sum + size, 0),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has the released one’s number of entries, its places and both its sizes to the byte', () => {
    const at = (name: string): number | undefined => variables.find((variable) => variable.name === name)?.offset;
    expect(variables).toHaveLength(1495);
    expect(variables.reduce((sum, { size }) => sum + size, 0)).toBe(986_763_532);
    expect(bundleIndex(variables, checksumOf).length).toBe(63_671);
    expect([at('ae_bottleneck/W'), at('global_step'), at('startconv/biases/ExponentialMovingAverage')]).toEqual([
      0, 795_513_096, 986_761_484,
    ]);
  });

  it('is read tensor by tensor, a quarter of it', async () => {
    const source = counted(folderFiles(folder));
    const { model, steps } = await loadNsynthCheckpoint(source);
    expect(steps).toBe(200_000);
    expect(model.weights['logits/biases']?.dataSync()[255]).toBe(255 / 256);
    expect(source.bytes).toBe(4 * 61_804_048 + 4 + 63_671);
    // The largest convolution, three taps of 512 x 1024.
    expect(source.largest).toBe(4 * 3 * 512 * 1024);
    model.dispose();
  });

  it('gives its encoder alone for 8 MB', async () => {
    const source = counted(folderFiles(folder));
    const { model } = await loadNsynthCheckpoint(source, { part: 'encoder', weights: 'averaged' });
    expect(source.bytes).toBe(4 * (61_804_048 - 59_827_712) + 4 + 63_671);
    model.dispose();
  });

  it('ends at a signal', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 0);
    await expect(loadNsynthCheckpoint(folderFiles(folder), { signal: controller.signal })).rejects.toThrow('enough');
  });
});
