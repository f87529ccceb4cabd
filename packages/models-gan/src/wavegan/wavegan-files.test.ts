import { memorySink, memoryFiles, ModelFileError } from '@gansynth/model-files';
import { folderFiles } from '@gansynth/model-files/node';
import { describeOnBackends, expectClose, expectNoLeak } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadGenerator, loadModel, loadNoteModel, saveModel, type LoadedWaveGan } from '../model/save-load.js';

/** A model that the first version of the command line wrote, and every 128th sample of what that version computed with it. */
const fixture = (upsampling: string): string =>
  fileURLToPath(new URL(`../../test/fixtures/wavegan-model-1-${upsampling}`, import.meta.url));
const soundOf = (upsampling: string): number[] => JSON.parse(readFileSync(`${fixture(upsampling)}/sound.json`, 'utf8'));

async function load(upsampling: string): Promise<LoadedWaveGan> {
  const loaded = await loadModel(folderFiles(fixture(upsampling)));
  if (loaded.family === 'wavegan') return loaded;
  throw new Error('expected a WaveGAN');
}

const latent = Float32Array.of(0.5, -0.25, 0.75);
const picked = (samples: ArrayLike<number>): number[] => Array.from(samples).filter((_, i) => i % 128 === 5);

describeOnBackends('a WaveGAN in files', () => {
  it.each(['zeros', 'nearest'])('of the first version, upsampling by %s, is loaded and sounds the same', async (upsampling) => {
    await expectNoLeak(async () => {
      const { model, manifest } = await load(upsampling);
      expect(manifest).toMatchObject({ family: 'wavegan', name: 'tiny', network: { pitches: [60, 62, 64], upsampling } });
      const z = tf.tensor2d(latent, [1, 3]);
      const sound = model.generate(z, Int32Array.of(1));
      // 1e-5: another order of summation than the stock layers'.
      expectClose(picked(await sound.data()), soundOf(upsampling), { absolute: 1e-5 });
      tf.dispose([z, sound]);
      model.dispose();
    });
  });

  it('is saved and loaded with the same weights, as a model of notes too', async () => {
    await expectNoLeak(async () => {
      const { model } = await load('zeros');
      const sink = memorySink();
      await saveModel(model, sink, { name: 'again' });
      const again = await loadModel(memoryFiles(sink.files));
      expect(again.manifest).toMatchObject({ family: 'wavegan', name: 'again', version: 2 });
      for (const [name, weight] of Object.entries(model.weights))
        expect(await again.model.weights[name]?.data(), name).toEqual(await weight.data());
      const { model: notes } = await loadNoteModel(memoryFiles(sink.files));
      expect(notes).toMatchObject({ pitches: [60, 62, 64], instruments: [], latentSize: 3, outputShape: [16_384, 1, 2] });
      const drawn = notes.draw(2, { seed: 1 });
      expect(drawn.flatMap((z) => [...z]).every((value) => Math.abs(value) <= 1)).toBe(true);
      expect(notes.draw(1, { seed: 1 })).toEqual(drawn.slice(0, 1));
      const images = await notes.generate([latent], [1]);
      expect(images.shape).toEqual([1, 16_384, 1, 2]);
      const values = await images.data();
      // The samples in both channels, as the waveform representation has them.
      for (const channel of [0, 1])
        expectClose(picked(values.filter((_, i) => i % 2 === channel)), soundOf('zeros'), { absolute: 1e-5 });
      images.dispose();
      for (const each of [model, again.model, notes]) each.dispose();
    });
  });
});

describeOnBackends(
  'a WaveGAN in files',
  () => {
    it('is refused where a progressive GAN is asked for, by name', async () => {
      await expect(loadGenerator(folderFiles(fixture('zeros')))).rejects.toThrow(
        /expected progressive-gan, found wavegan. Use loadModel/,
      );
    });

    it.each<[string, (network: Record<string, unknown>) => void, RegExp]>([
      [
        'channels without end',
        (network) => (network['dim'] = 2 ** 30),
        /network\.dim: expected a whole number from 1 to 1024, found/,
      ],
      [
        'another length',
        (network) => (network['samples'] = 64_000),
        /network\.samples: expected one of 4096, 8192, 16384, 32768, 65536/,
      ],
      [
        'pitches out of order',
        (network) => (network['pitches'] = [64, 60, 62]),
        /network\.pitches: expected pitches in ascending order/,
      ],
      ['no list of pitches', (network) => (network['pitches'] = 'all'), /network\.pitches: expected a list/],
      ['other weights', (network) => (network['dim'] = 2), /expected a weight G_\w+\/\w+ of \d+ values, found \d+/],
    ])('is refused with %s', async (_name, change, message) => {
      const { model } = await load('zeros');
      const sink = memorySink();
      await saveModel(model, sink);
      model.dispose();
      const manifest = JSON.parse(new TextDecoder().decode(sink.files['gansynth.json']));
      change(manifest.network);
      const files = { ...sink.files, 'gansynth.json': new TextEncoder().encode(JSON.stringify(manifest)) };
      const before = tf.memory().numTensors;
      const error: unknown = await loadModel(memoryFiles(files)).catch((reason: unknown) => reason);
      expect(ModelFileError.isInstance(error)).toBe(true);
      expect(String(error)).toMatch(message);
      expect(tf.memory().numTensors).toBe(before);
    });
  },
  ['cpu'],
);
