import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layersModelFiles, memoryFiles, memorySink, ModelFileError, type WeightPrecision } from '@gansynth/model-files';
import { describeOnBackends, expectClose, expectNoLeak } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { networkConfig, type NetworkConfig } from '../progressive/config.js';
import { folderFiles, folderSink } from '@gansynth/model-files/node';
import { images, randomModel } from '../test-support/random-model.js';
import { tinyNetwork } from '../test-support/synthetic.js';
import type { Growth } from '../progressive/network/stage-shape.js';
import { GeneratorModel } from './generator-model.js';
import { loadGenerator, saveModel } from './save-load.js';

/** Matrices in fewer bits than the rest. */
const asked = ({ name }: { name: string }): WeightPrecision => (name.endsWith('kernel') ? 'uint8' : 'float16');

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** Files written, kept in memory. */
async function saved(model: GeneratorModel): Promise<Record<string, Uint8Array>> {
  let files: Record<string, Uint8Array> = {};
  await saveModel(model, { write: async (written) => void (files = { ...written }) }, { name: 'tiny', sampleRate: 16000 });
  return files;
}

describeOnBackends('a saved model', () => {
  test.each([
    ['fully grown', {}, undefined],
    ['in a transition', {}, { blocks: 3, progress: 1.25 }],
    ['with fewer blocks', {}, { blocks: 2, progress: 1 }],
    ['of the simple architecture', { architecture: 'simple' }, undefined],
    ['with instruments', { instruments: ['flute', 'horn'] }, undefined],
    [
      'with crossed inputs',
      {
        instruments: ['flute', 'horn'],
        attributes: [{ name: 'collection', levels: 2 }],
        crossed: { attributes: ['collection'], anchors: 2 },
      },
      undefined,
    ],
    ['with fully connected layers', { dense: [7, 5], blocks: 1, start: [4, 6] }, undefined],
    [
      'with conditioning planes',
      { conditioning: { features: 2, generator: ['block_2/conv0', 'block_3/conv1'], critic: [] } },
      undefined,
    ],
    ['of waveforms', { scaleMode: 'height', start: [4, 1], kernelSize: [9, 1], normaliser: null }, undefined],
  ] as [string, Partial<NetworkConfig>, Growth | undefined][])(
    '%s makes the same images when loaded',
    async (_name, options, growth) => {
      await expectNoLeak(async () => {
        const model = randomModel(networkConfig({ ...tinyNetwork, ...options }), growth);
        const { model: loaded, manifest } = await loadGenerator(memoryFiles(await saved(model)));
        expect(images(loaded)).toEqual(images(model));
        expect(manifest).toMatchObject({ name: 'tiny', sampleRate: 16000, network: { pitches: [60, 62, 64] } });
        loaded.dispose();
        model.dispose();
      });
    },
  );

  test('makes the same images when its files lie in memory that others share, as small files of Node do', async () => {
    const model = randomModel(tinyNetwork, { blocks: 3, progress: 1.5 });
    const shared = Object.entries(await saved(model)).map(([path, bytes], index) => {
      const memory = Buffer.alloc(bytes.length + 16, 0x41);
      memory.set(bytes, 1 + (index % 8));
      return [path, memory.subarray(1 + (index % 8), 1 + (index % 8) + bytes.length)] as const;
    });
    const { model: loaded } = await loadGenerator(memoryFiles(Object.fromEntries(shared)));
    expect(images(loaded)).toEqual(images(model));
    loaded.dispose();
    model.dispose();
  });

  test('takes half the bytes as float16 and a quarter as uint8, each weight the nearest that there is', async () => {
    const exact = randomModel(networkConfig({ ...tinyNetwork, dense: [7, 5], blocks: 1, start: [4, 6] }));
    const sizes: number[] = [];
    for (const precision of ['float32', 'float16', 'uint8', asked] as const) {
      const sink = memorySink();
      await saveModel(exact, sink, { name: 'tiny', sampleRate: 16000 }, { precision });
      const shards = Object.entries(sink.files).filter(([path]) => path.endsWith('.bin'));
      sizes.push(shards.reduce((sum, [, bytes]) => sum + bytes.length, 0));
      const { model: loaded } = await loadGenerator(memoryFiles(sink.files));
      const layersModel = await loadLayersModel(layersModelFiles(memoryFiles(sink.files)));
      for (const [name, weight] of Object.entries(exact.weights)) {
        const [read, written] = [loaded.weights[name]!.dataSync(), weight.dataSync()];
        const how = typeof precision === 'function' ? precision({ name }) : precision;
        if (how === 'float32') expect(read).toEqual(written);
        else if (how === 'float16') expectClose(read, written, { relative: 2 ** -11, absolute: 2 ** -25 });
        // Half of one of 255 steps, and rounding of single precision.
        else expectClose(read, written, { absolute: (Math.max(...written) - Math.min(...written)) / 509.9 });
        const plain = layersModel.weights.find(({ originalName }) => originalName === name)!;
        expect(tf.tidy(() => plain.read().dataSync())).toEqual(read);
      }
      loaded.dispose();
      layersModel.dispose();
    }
    const [float32, float16, uint8, mixed] = sizes;
    expect([float32! / float16!, float32! / uint8!]).toEqual([2, 4]);
    expect(mixed).toBeGreaterThan(uint8!);
    expect(mixed).toBeLessThan(float16!);
    exact.dispose();
  });

  test('with weights that float16 cannot hold is not saved as it', async () => {
    const model = randomModel(tinyNetwork);
    const name = Object.keys(model.weights)[0]!;
    const large = new GeneratorModel({
      config: tinyNetwork,
      weights: { ...model.weights, [name]: tf.fill(model.weights[name]!.shape, 70_000) },
    });
    const sink = memorySink();
    const saving = saveModel(large, sink, {}, { precision: 'float16' });
    await expect(saving).rejects.toThrow(
      /expected weights up to 65504 to store as float16, found 70000 in ".*"\. Store them as float32/,
    );
    expect(sink.files).toEqual({});
    await expect(saveModel(model, sink, {}, { precison: 'float16' } as never)).rejects.toThrow(/precison.*precision/);
    await expect(saveModel(model, sink, {}, { precision: 'int8' } as never)).rejects.toThrow(
      /precision: expected float32, float16 or uint8, found "int8"/,
    );
    expect(sink.files).toEqual({});
    const nowhere = new GeneratorModel({
      config: tinyNetwork,
      weights: { ...model.weights, [name]: tf.fill(model.weights[name]!.shape, Number.POSITIVE_INFINITY) },
    });
    await expect(saveModel(nowhere, sink, {}, { precision: 'uint8' })).rejects.toThrow(
      /expected finite weights .* found Infinity in "/,
    );
    nowhere.dispose();
    large.dispose();
    model.dispose();
  });

  test('is a plain LayersModel for tfjs itself', async () => {
    await expectNoLeak(async () => {
      const model = randomModel(tinyNetwork, { blocks: 3, progress: 1.5 });
      const layersModel = await loadLayersModel(layersModelFiles(memoryFiles(await saved(model))));
      const output = tf.tidy(() => {
        const latent = tf.randomNormal([3, 4], 0, 1, 'float32', 11);
        const pitch = tf.cast(tf.oneHot(tf.tensor1d([0, 2, 1], 'int32'), 3), 'float32');
        return (layersModel.predict([latent, pitch]) as tf.Tensor).dataSync<'float32'>().slice();
      });
      expectClose(output, images(model), { absolute: 0, label: 'the same operations in the same order' });
      expect(layersModel.weights.map(({ originalName }) => originalName)).toContain(
        'Generator/progressive_gan_generator/progressive_gan_block_1/conv0/conv2d/kernel',
      );
      layersModel.dispose();
      model.dispose();
    });
  });
});

describeOnBackends(
  'a model folder',
  () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'gansynth-model-'));
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    test('is written whole, read back, and replaced', async () => {
      const model = randomModel(tinyNetwork);
      const path = join(folder, 'model');
      await saveModel(model, folderSink(path));
      await saveModel(model, folderSink(path), { name: 'second' });
      const { model: loaded, manifest } = await loadGenerator(folderFiles(path));
      expect((await readdir(path)).sort()).toEqual(['gansynth.json', ...Object.keys(manifest.files)].sort());
      expect(Object.keys(manifest.files)).toHaveLength(2);
      expect(await readdir(folder)).toEqual(['model']);
      expect(manifest.name).toBe('second');
      expect(images(loaded)).toEqual(images(model));
      loaded.dispose();
      model.dispose();
    });

    test('of other things is left alone', async () => {
      await writeFile(join(folder, 'thesis.txt'), 'years of work');
      const model = randomModel(tinyNetwork);
      await expect(saveModel(model, folderSink(folder))).rejects.toThrow(/found thesis.txt. Choose another folder/);
      expect(await readFile(join(folder, 'thesis.txt'), 'utf8')).toBe('years of work');
      model.dispose();
    });
  },
  ['cpu'],
);

const load = async (change: (files: Record<string, Uint8Array>) => void): Promise<unknown> => {
  const model = randomModel(tinyNetwork);
  const files = await saved(model);
  model.dispose();
  change(files);
  const before = tf.memory().numTensors;
  const error = await loadGenerator(memoryFiles(files)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(tf.memory().numTensors).toBe(before);
  return error;
};

describeOnBackends(
  'loading refuses',
  () => {
    test.each<[string, (files: Record<string, Uint8Array>) => void, RegExp]>([
      ['a missing manifest', (files) => delete files['gansynth.json'], /gansynth.json: expected this file/],
      ['a manifest that is no JSON', (files) => (files['gansynth.json'] = text('{')), /gansynth.json: expected JSON/],
      [
        'another format',
        (files) => (files['gansynth.json'] = text('{"format":"x"}')),
        /expected format gansynth-model, found "x"/,
      ],
      [
        'a newer version',
        (files) => (files['gansynth.json'] = text('{"format":"gansynth-model","version":9}')),
        /version 1 or 2, found 9/,
      ],
      ['a flipped bit', (files) => (files['group1-shard1of1.bin']![100]! ^= 1), /group1-shard1of1.bin: expected .* CRC-32C/],
      ['a short file', (files) => (files['group1-shard1of1.bin'] = new Uint8Array(10)), /found 10 bytes/],
      ['a missing shard', (files) => delete files['group1-shard1of1.bin'], /group1-shard1of1.bin: expected this file/],
    ])('%s', async (_name, change, message) => {
      const error = await load(change);
      expect(ModelFileError.isInstance(error)).toBe(true);
      expect((error as Error).message).toMatch(message);
    });
  },
  ['cpu'],
);
