import { describeOnBackends } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { layers, loadLayersModel, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { layersModelFiles, memoryFiles, memorySink } from '../index.js';
import { layersModelFolder } from '../node.js';

function network(bias: number): LayersModel {
  const model = sequential({
    layers: [layers.dense({ units: 3, inputShape: [2], biasInitializer: 'ones', kernelInitializer: 'ones', name: `dense` })],
  });
  const [kernel] = model.getWeights();
  model.setWeights([kernel ?? tf.zeros([2, 3]), tf.mul(tf.ones([3]), bias)]);
  model.setUserDefinedMetadata({ about: bias });
  return model;
}

const answer = (model: LayersModel): number[] =>
  tf.tidy(() => [...tf.concat([model.predict(tf.tensor2d([[1, 2]]))].flat(), 0).dataSync()]);

describeOnBackends(
  'a LayersModel',
  () => {
    it('comes back from memory with weights and metadata, in shards of 4 MiB', async () => {
      const sink = memorySink();
      const wide = sequential({ layers: [layers.dense({ units: 1200, inputShape: [1000], name: 'wide' })] });
      await wide.save(layersModelFiles(memoryFiles({}), sink));
      expect(Object.keys(sink.files)).toEqual(['model.json', 'group1-shard1of2.bin', 'group1-shard2of2.bin']);
      const loaded = await loadLayersModel(layersModelFiles(memoryFiles(sink.files)));
      const weights = await Promise.all([loaded, wide].map((model) => model.getWeights()[0]?.data()));
      expect(weights[0]).toEqual(weights[1]);

      const small = network(5);
      await small.save(layersModelFiles(memoryFiles({}), sink));
      const again = await loadLayersModel(layersModelFiles(memoryFiles(sink.files)));
      expect(answer(again)).toEqual([8, 8, 8]);
      expect(again.getUserDefinedMetadata()).toEqual({ about: 5 });
    });

    it('is replaced in a folder', async () => {
      const root = await mkdtemp(join(tmpdir(), 'gansynth-layers-'));
      try {
        const folder = join(root, 'model');
        for (const bias of [1, 2, 3]) {
          await network(bias).save(layersModelFolder(folder));
          expect(answer(await loadLayersModel(layersModelFolder(folder)))).toEqual([3 + bias, 3 + bias, 3 + bias]);
        }
        expect(await readdir(folder)).toHaveLength(2);
      } finally {
        await rm(root, { recursive: true, force: true });
      }
    });

    it.each<[string, (files: Record<string, Uint8Array>) => void, RegExp]>([
      ['no model.json', (files) => delete files['model.json'], /model.json: expected this file/],
      [
        'a cut shard',
        (files) => (files['group1-shard1of1.bin'] = new Uint8Array(35)),
        /expected 36 bytes of weights .* found 35/,
      ],
      ['other JSON', (files) => (files['model.json'] = new TextEncoder().encode('{}')), /expected a tfjs LayersModel/],
    ])('is refused with %s', async (_name, change, message) => {
      const sink = memorySink();
      await network(1).save(layersModelFiles(memoryFiles({}), sink));
      const files = { ...sink.files };
      change(files);
      await expect(loadLayersModel(layersModelFiles(memoryFiles(files)))).rejects.toThrow(message);
    });
  },
  ['cpu'],
);
