import { memoryFiles, memorySink, parseManifest } from '@gansynth/model-files';
import { describeOnBackends, expectClose, expectNoLeak } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it, onTestFinished, vi } from 'vitest';
import { waveNetVariables } from '../network/variables.js';
import { noteModel } from '../model/note-model.js';
import { WaveNetModel } from '../model/wavenet-model.js';
import { createSampler } from '../sampler/create-sampler.js';
import { tiny } from '../test-support/tiny.js';
import { initialValues } from '../training/initial-values.js';
import { loadModel, loadNoteModel, saveModel } from './save-load.js';

const made = (name: keyof typeof tiny): WaveNetModel =>
  new WaveNetModel({
    config: tiny[name],
    weights: Object.fromEntries(
      waveNetVariables(tiny[name]).map((variable) => [
        variable.name,
        { shape: variable.shape, data: initialValues(variable, 4).map((value) => 2 * value) },
      ]),
    ),
  });

async function filesOf(model: WaveNetModel): Promise<Record<string, Uint8Array>> {
  const sink = memorySink();
  await saveModel(model, sink, { name: 'tiny', sampleRate: 16_000, representation: { kind: 'waveform', samples: 160 } });
  return { ...sink.files };
}

/** Bytes of the weights among files. */
const weightBytes = (files: Readonly<Record<string, Uint8Array>>): number =>
  Object.entries(files).reduce((sum, [path, { length }]) => sum + (path.endsWith('.bin') ? length : 0), 0);

/** The files with another manifest. */
function changed(
  files: Record<string, Uint8Array>,
  change: (network: Record<string, unknown>) => void,
): Record<string, Uint8Array> {
  const manifest = JSON.parse(new TextDecoder().decode(files['gansynth.json'])) as { network: Record<string, unknown> };
  change(manifest.network);
  return { ...files, 'gansynth.json': new TextEncoder().encode(JSON.stringify(manifest)) };
}

describeOnBackends(
  'a WaveNet as files',
  () => {
    it.each(['pitch8', 'pitch16', 'autoencoder', 'free'] as const)('is the same when it is loaded: %s', async (name) => {
      const model = made(name);
      const files = await filesOf(model);
      expect(parseManifest(files['gansynth.json'] ?? new Uint8Array())).toMatchObject({
        family: 'wavenet',
        name: 'tiny',
        sampleRate: 16_000,
      });
      const { model: loaded, manifest } = await loadModel(memoryFiles(files));
      expect([loaded.config, manifest.network]).toEqual([model.config, model.config]);
      for (const [weight, tensor] of Object.entries(model.weights))
        expect([...(loaded.weights[weight]?.dataSync() ?? [])]).toEqual([...tensor.dataSync()]);
      model.dispose();
      loaded.dispose();
    });

    it('takes half the bytes as float16, each weight the nearest that there is', async () => {
      const model = made('pitch8');
      const sink = memorySink();
      await saveModel(model, sink, {}, { precision: 'float16' });
      expect(2 * weightBytes(sink.files)).toBe(weightBytes(await filesOf(model)));
      const { model: loaded } = await loadModel(memoryFiles({ ...sink.files }));
      for (const [weight, tensor] of Object.entries(model.weights))
        expectClose(loaded.weights[weight]!.dataSync(), tensor.dataSync(), { relative: 2 ** -11, absolute: 2 ** -25 });
      model.dispose();
      loaded.dispose();
    });

    it('is refused where a field is damaged, and leaves nothing behind', async () => {
      const model = made('pitch8');
      const files = await filesOf(model);
      model.dispose();
      const cases: [(network: Record<string, unknown>) => void, RegExp][] = [
        [(network) => delete network['layers'], /gansynth.json: network.layers: expected a value/],
        [(network) => (network['width'] = 1e9), /network.width: expected a whole number from 1 to 8192/],
        [(network) => (network['output'] = { kind: 'sines' }), /network.output.kind: expected one of mu-law, logistics/],
        [
          (network) => (network['skipWidth'] = 7),
          /gansynth.json: expected a variable cond_map_out1\/W \[1,1,3,7\], found \[1,1,3,6\]/,
        ],
        [
          (network) => (network['conditioning'] = { ...(network['conditioning'] as object), pitches: [62, 60] }),
          /network.conditioning.pitches: expected one or more pitches in ascending order/,
        ],
        [
          (network) => (network['conditioning'] = { ...(network['conditioning'] as object), hop: 1, samples: 2 ** 24 }),
          /network.conditioning.hop: expected frames of which a note has at most 33554432 numbers/,
        ],
        [
          (network) => (network['conditioning'] = { kind: 'frames', channels: 2, hop: 16, encoder: { layers: 3 } }),
          /network.conditioning.encoder.cycle: expected a value/,
        ],
      ];
      const before = tf.memory().numTensors;
      for (const [change, message] of cases)
        await expect(loadModel(memoryFiles(changed(files, change)))).rejects.toThrow(message);
      expect(tf.memory().numTensors).toBe(before);
    });
  },
  ['cpu'],
);

describeOnBackends(
  'a WaveNet as a model of notes',
  () => {
    it('gives the notes of its sampler, whatever is asked for beside them', async () => {
      // 16 notes at once, then two.
      vi.stubGlobal('navigator', { hardwareConcurrency: 2 });
      onTestFinished(() => void vi.unstubAllGlobals());
      const model = made('pitch8');
      const { model: notes } = await loadNoteModel(memoryFiles(await filesOf(model)));
      expect(notes).toMatchObject({
        family: 'wavenet',
        pitches: [60, 62],
        instruments: [],
        latentSize: 2,
        outputShape: [160, 1, 2],
      });
      const latents = notes.draw(18, { seed: 5 });
      expect(notes.draw(3, { seed: 5 })).toEqual(latents.slice(0, 3));
      const labels = latents.map((_, index) => index % 2);
      const images = await notes.generate(latents, labels);
      expect(images.shape).toEqual([18, 160, 1, 2]);
      const alone = await notes.generate(latents.slice(17), labels.slice(17));
      expect([...alone.dataSync()]).toEqual([...images.dataSync().subarray(17 * 320)]);
      const sampler = await createSampler(model);
      const [high = 0, low = 0] = latents[17] ?? [];
      await sampler.begin([{ seed: high * 2 ** 24 + low, label: 1 }]);
      const [sound = new Float32Array()] = await sampler.next(160);
      expect([...alone.dataSync()]).toEqual([...sound].flatMap((sample) => [sample, sample]));
      for (const each of [images, alone, sampler, model, notes]) each.dispose();
    });

    it.each([
      [1, 16],
      [2, 16],
      [4, 32],
      [100, 64],
    ])('is best asked for eight notes for each of %i processors, 16 to 64: %i', (hardwareConcurrency, notesAtOnce) => {
      vi.stubGlobal('navigator', { hardwareConcurrency });
      onTestFinished(() => void vi.unstubAllGlobals());
      const notes = noteModel(made('pitch8'));
      expect(notes.notesAtOnce).toBe(notesAtOnce);
      notes.dispose();
    });

    it('gives the same notes again, one call after the other, at the same time, and of fewer', async () => {
      const notes = noteModel(made('pitch8'));
      const latents = notes.draw(3, { seed: 7 });
      const bits = async (count: number): Promise<number[]> => {
        const images = await notes.generate(latents.slice(0, count), [0, 1, 0].slice(0, count));
        const values = [...images.dataSync()];
        images.dispose();
        return values;
      };
      const three = await bits(3);
      expect(await Promise.all([bits(3), bits(3), bits(1)])).toEqual([three, three, three.slice(0, 320)]);
      expect(await bits(3)).toEqual(three);
      notes.dispose();
    });

    it('gives no notes for none, leaves nothing behind, and ends at a signal', async () => {
      const notes = noteModel(made('pitch16'));
      await expectNoLeak(async () => (await notes.generate([], [])).dispose());
      await expectNoLeak(async () => (await notes.generate(notes.draw(2, { seed: 1 }), [0, 1])).dispose());
      await expectNoLeak(async () => {
        const signal = AbortSignal.abort(new Error('enough'));
        await expect(notes.generate(notes.draw(1, { seed: 1 }), [0], { signal })).rejects.toThrow('enough');
      });
      notes.dispose();
    });

    it('takes any finite numbers for a latent, for the arc between two leaves their range', async () => {
      const notes = noteModel(made('pitch8'));
      const [within, beyond] = [await notes.generate([[1, 2 ** 24 - 3]], [0]), await notes.generate([[2 ** 24 + 1, -2.5]], [0])];
      expect([...beyond.dataSync()]).toEqual([...within.dataSync()]);
      for (const each of [within, beyond, notes]) each.dispose();
    });

    it('says what it cannot be asked for', async () => {
      const notes = noteModel(made('pitch8'));
      await expect(notes.generate([[0.5]], [0])).rejects.toThrow(/latents of 2 finite numbers, a seed each/);
      await expect(notes.generate([[1, Number.NaN]], [0])).rejects.toThrow(/found \[1,NaN\]/);
      await expect(notes.generate([[1, 1]], [60])).rejects.toThrow(/labels from 0 to 1/);
      await expect(notes.generate([[1, 1]], [])).rejects.toThrow(/as many labels, found 1 and 0/);
      notes.dispose();
      const autoencoder = made('autoencoder');
      expect(() => noteModel(autoencoder)).toThrow(/a network that knows pitches, found one conditioned by frames/);
      const before = tf.memory().numTensors;
      await expect(loadNoteModel(memoryFiles(await filesOf(autoencoder)))).rejects.toThrow(
        /gansynth.json: network.conditioning.kind: expected pitch, found frames: an autoencoder.*Use loadModel, encode and decode/,
      );
      const free = made('free');
      await expect(loadNoteModel(memoryFiles(await filesOf(free)))).rejects.toThrow(/expected pitch, found none. Use loadModel/);
      free.dispose();
      expect(tf.memory().numTensors).toBe(before);
      autoencoder.dispose();
    });
  },
  ['cpu'],
);
