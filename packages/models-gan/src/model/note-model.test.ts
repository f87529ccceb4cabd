import { memoryFiles, memorySink } from '@gansynth/model-files';
import { describeOnBackends, expectClose, expectNoLeak } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { networkConfig, type NetworkConfig } from '../progressive/config.js';
import { drawLatents } from '../sampling/latents.js';
import { tinyNetwork } from '../test-support/synthetic.js';
import { randomModel } from '../test-support/random-model.js';
import { noteModel } from './note-model.js';
import { loadModel, loadNoteModel, saveModel } from './save-load.js';

async function saved(config: NetworkConfig): Promise<Record<string, Uint8Array>> {
  const model = randomModel(config);
  const sink = memorySink();
  await saveModel(model, sink);
  model.dispose();
  return { ...sink.files };
}

describeOnBackends('a model of notes', () => {
  it.each<[string, Partial<NetworkConfig>]>([
    ['the equalised architecture', { instruments: ['flute', 'horn'] }],
    ['the simple architecture', { architecture: 'simple' }],
  ])('of %s offers what the network knows, and its notes', async (_name, options) => {
    await expectNoLeak(async () => {
      const config = networkConfig({ ...tinyNetwork, ...options });
      const { model: notes } = await loadNoteModel(memoryFiles(await saved(config)));
      expect(notes).toMatchObject({
        family: 'progressive-gan',
        pitches: [60, 62, 64],
        instruments: config.instruments,
        latentSize: 4,
        outputShape: [4, 8, 2],
      });
      expect(notes.dynamics).toBeUndefined();
      const latents = notes.draw(11, { seed: 3 });
      expect(latents).toEqual(drawLatents(11, { seed: 3, latentSize: 4 }));
      const labels = latents.map((_, i) => i % 3);
      const images = await notes.generate(latents, labels);
      expect(images.shape).toEqual([11, 4, 8, 2]);
      const plain = randomModel(config);
      const z = tf.tensor2d(
        latents.flatMap((latent) => [...latent]),
        [11, 4],
      );
      const expected = plain.generate(z, Int32Array.from(labels));
      // The compiled network sums in another order.
      expectClose(await images.data(), await expected.data(), { absolute: 1e-4 });
      tf.dispose([images, z, expected]);
      plain.dispose();
      notes.dispose();
    });
  });

  it('of a network that knows how hard notes are struck says so once it is saved and loaded', async () => {
    await expectNoLeak(async () => {
      const attributes = [{ name: 'velocity', levels: 2, velocities: [30, 90] }];
      const { model: notes } = await loadNoteModel(memoryFiles(await saved(networkConfig({ ...tinyNetwork, attributes }))));
      expect(notes.dynamics?.velocities).toEqual([30, 90]);
      const latents = notes
        .draw(2, { seed: 3 })
        .flatMap((latent) => [30, 90].map((at) => notes.dynamics!.latentWithVelocity(latent, at)));
      const images = await notes.generate(latents, [0, 0, 0, 0]);
      const each = tf.tidy(() => tf.unstack(images).map((image) => image.dataSync()));
      expect(each[0]).not.toEqual(each[1]);
      expect(each[2]).not.toEqual(each[3]);
      images.dispose();
      notes.dispose();
    });
  });
});

describeOnBackends(
  'a model of notes',
  () => {
    it('ends at once when a timer aborts it, and frees what it has made', async () => {
      await expectNoLeak(async () => {
        const notes = noteModel(randomModel(tinyNetwork));
        const controller = new AbortController();
        const latents = notes.draw(100_000, { seed: 0 });
        setTimeout(() => controller.abort(), 20);
        await expect(notes.generate(latents, new Int32Array(latents.length), { signal: controller.signal })).rejects.toThrow(
          /abort/,
        );
        notes.dispose();
      });
    });

    it('refuses MIDI numbers for labels, latents of another model, another number of labels; makes no notes of none', async () => {
      const notes = noteModel(randomModel(tinyNetwork));
      const [z] = notes.draw(1, { seed: 0 });
      const one = z === undefined ? [] : [z];
      await expect(notes.generate(one, [60])).rejects.toThrow(/labels from 0 to 2 \(positions in pitches, not MIDI numbers/);
      await expect(notes.generate(one, [0.5])).rejects.toThrow(/labels from 0 to 2/);
      await expect(notes.generate([[1, 2]], [0])).rejects.toThrow(/latents of 4 numbers, found one of 2/);
      await expect(notes.generate(one, [0, 1])).rejects.toThrow(/as many labels, found 1 and 2/);
      const none = await notes.generate([], []);
      expect(none.shape).toEqual([0, 4, 8, 2]);
      none.dispose();
      notes.dispose();
    });

    it.each<[string, (network: Record<string, unknown>) => void, RegExp]>([
      [
        'blocks without end',
        (network) => (network['blocks'] = 1e9),
        /network\.blocks: expected a whole number from 1 to 32, found 1000000000/,
      ],
      [
        'an image without end',
        (network) => Object.assign(network, { blocks: 20, scaleBase: 8 }),
        /network\.blocks: expected images of at most 16777216 pixels/,
      ],
      [
        'latents without end',
        (network) => (network['latentSize'] = 2 ** 26),
        /network\.latentSize: expected a whole number from 1 to 65536/,
      ],
      [
        'a filter schedule of texts',
        (network) => (network['filters'] = { base: 'many' }),
        /network\.filters\.base: expected a number/,
      ],
      ['a kernel of one side', (network) => (network['kernelSize'] = [3]), /network\.kernelSize: expected \[height, width\]/],
      [
        'a normaliser of another width',
        (network) => (network['normaliser'] = { scale: [[1]], offset: [[0]] }),
        /network\.normaliser\.scale: expected 1 or 8 rows/,
      ],
      [
        'planes for no layer',
        (network) => (network['conditioning'] = { features: 1, generator: ['x'], critic: [] }),
        /network\.conditioning\.generator: expected names/,
      ],
      ['pitches that are texts', (network) => (network['pitches'] = ['C4']), /network\.pitches\.0: expected a number/],
      [
        'other blocks than it has grown',
        (network) => Object.assign(network, { blocks: 2, filters: [4, 4, 4] }),
        /growth\.blocks: expected at most the network's 2, found 3/,
      ],
    ])('is not made of a manifest with %s', async (_name, change, message) => {
      const files = await saved(tinyNetwork);
      const manifest = JSON.parse(new TextDecoder().decode(files['gansynth.json']));
      change(manifest.network);
      files['gansynth.json'] = new TextEncoder().encode(JSON.stringify(manifest));
      for (const load of [loadModel, loadNoteModel]) await expect(load(memoryFiles(files))).rejects.toThrow(message);
    });
  },
  ['cpu'],
);
