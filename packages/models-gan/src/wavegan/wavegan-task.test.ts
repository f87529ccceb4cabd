import '@gansynth/training/wasm';
import { describeOnBackends, expectClose } from '@gansynth/test-kit';
import { randomStream } from '@gansynth/common/random';
import { stateOf, trainStep } from '@gansynth/training';
import { tamperedSource, taskChecks, type TaskSubject } from '@gansynth/training/test';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { imageFaults } from '../test-support/image-faults.js';
import { clips, tinyWaveGan, tinyWaveGanTraining } from '../test-support/saved-trainings.js';
import { resumeWaveGanTask } from './resume-wavegan.js';
import { waveGanConfig, waveGanLayers } from './wavegan-config.js';
import { waveGanCriticLayers, WaveGanModel } from './wavegan-model.js';
import { waveGanCritic } from './wavegan-networks.js';
import { WaveGanTask } from './wavegan-task.js';
import type { WaveGanTrainingOptions } from './wavegan-training-config.js';

const task = (options: WaveGanTrainingOptions = {}, data = clips(tinyWaveGan)): WaveGanTask =>
  new WaveGanTask({ network: tinyWaveGan, training: { ...tinyWaveGanTraining, ...options }, seed: 1, data });

/** All weights and moments as one array. */
const everything = (of: WaveGanTask): number[] => Object.values(stateOf(of).tensors).flatMap((tensor) => [...tensor.dataSync()]);

const subject: TaskSubject = {
  create: (tamper) => task({}, tamperedSource(clips(tinyWaveGan), tamper, imageFaults)),
  resume: (state) => {
    const data = clips(tinyWaveGan);
    // Somewhere else than a fresh source.
    data.restore?.({ seed: 9, name: 'clips', counter: 1000 });
    return resumeWaveGanTask(state, { data });
  },
  // The batch after the first step's two is far too loud.
  createDiverging: () => task({}, clips(tinyWaveGan, 2)),
  refusals: {
    'a value that is not a number': /image source: expected finite values in all clips, found NaN/,
    'images larger than the finished size': /expected clips \[2,16384,1,1\] .* found \[2,32768,2,1\]/,
    'one channel more': /found \[2,16384,1,2\]/,
    'one image less': /found \[1,16384,1,1\] and 2 labels/,
    'MIDI pitches for class indices': /2 pitches \(or -1 for none\), found 60\. Give the class index, not the MIDI pitch/,
    'one label less': /and 1 labels/,
  },
  stops: [1, 2],
};

describeOnBackends(
  'the training of a WaveGAN',
  () => {
    for (const { name, run } of taskChecks(subject)) it(name, run);

    const inParts: TaskSubject = {
      ...subject,
      create: (tamper) => task({ batchSize: 4, microBatchSize: 1 }, tamperedSource(clips(tinyWaveGan), tamper, imageFaults)),
      processes: [1, 2, 4],
    };
    for (const { name, run } of taskChecks(inParts).filter(({ name }) => /same run on/.test(name))) it(name, run);

    it('updates the critic several times, each on fresh clips, then the generator once', async () => {
      const data = clips(tinyWaveGan);
      const one = task({ criticUpdates: 3 }, data);
      const { losses, done } = await trainStep(one);
      expect([data.calls, done]).toEqual([3, 6]);
      expect(stateOf(one).manifest.parts).toMatchObject({ generator: { optimiserSteps: 1 }, critic: { optimiserSteps: 3 } });
      expect(losses.criticPitch).toBeGreaterThan(0);
      one.dispose();
    });

    it.each([4096, 8192] as const)(
      'has notes of %i samples too, its stride of 2 last where the length asks for one',
      async (samples) => {
        const network = { ...tinyWaveGan, samples };
        const one = new WaveGanTask({ network, training: tinyWaveGanTraining, seed: 1, data: clips(network) });
        const before = everything(one);
        const { losses } = await trainStep(one);
        expect(losses.critic).toSatisfy(Number.isFinite);
        expect(everything(one)).not.toEqual(before);
        one.dispose();
        const { layers, inner } = waveGanLayers(waveGanConfig(network));
        expect(layers.map(({ stride }) => stride)).toEqual(samples === 4096 ? [4, 4, 4, 4] : [4, 4, 4, 4, 2]);
        expect(inner).toBe(network.dim * 2 ** (layers.length - 1));
      },
    );

    it('gives the same step in micro-batches', async () => {
      const [whole, parts] = [task(), task({ microBatchSize: 1 })];
      await trainStep(whole);
      await trainStep(parts);
      // Only the order of summation differs; Adam turns a gradient near 0 into a step of the rate's size either way.
      expectClose(everything(parts), everything(whole), { absolute: 4e-4 });
      whole.dispose();
      parts.dispose();
    });

    it('names what belongs to its variables as TensorFlow does, and not after another network', () => {
      const one = task();
      const names = Object.keys(stateOf(one).tensors);
      expect(names).toEqual(expect.arrayContaining(['G/z_project/dense/kernel', 'G/z_project/dense/kernel/Adam_1']));
      expect(names.filter((name) => /progressive/.test(name))).toEqual([]);
      one.dispose();
    });
  },
  ['wasm'],
);

describeOnBackends('WaveGAN as layers', () => {
  const variants = [
    { ...tinyWaveGan, upsampling: 'zeros' },
    { ...tinyWaveGan, upsampling: 'nearest', pitches: [] },
  ] as const;
  it.each(variants)('gives what the networks give, and saves as stock layers: $upsampling', async (network) => {
    const one = new WaveGanTask({ network, training: { totalSteps: 4, batchSize: 2 }, seed: 4, data: clips(network) });
    const model = new WaveGanModel({ config: network, weights: one.generatorWeights() });
    const [generator, critic] = [model.toLayersModel(), waveGanCriticLayers(network, one.criticWeights())];
    tf.tidy(() => {
      const z = tf.tensor2d(
        randomStream(2, 'z')
          .uniformValues(2 * network.latentSize)
          .map((value) => 2 * value - 1),
        [2, network.latentSize],
      );
      const sound = model.generate(z, Int32Array.of(0, 1));
      expect(sound.shape).toEqual([2, 16_384, 1, 1]);
      const pitch = tf.tensor2d([
        [1, 0],
        [0, 1],
      ]);
      const byLayers = generator.predict(network.pitches.length > 0 ? [z, pitch] : z) as tf.Tensor;
      expectClose(byLayers.dataSync(), sound.dataSync(), { absolute: 1e-6 });
      const { score, logits } = waveGanCritic(one.criticWeights(), network, sound);
      const judged = critic.predict(sound) as tf.Tensor | tf.Tensor[];
      expectClose((Array.isArray(judged) ? judged[0]! : judged).dataSync(), score.dataSync(), { absolute: 1e-6 });
      if (logits && Array.isArray(judged)) expectClose(judged[1]!.dataSync(), logits.dataSync(), { absolute: 1e-6 });
    });
    const classes = new Set(generator.layers.map((layer) => layer.getClassName()));
    expect([...classes].some((name) => name.startsWith('Gansynth'))).toBe(false);
    for (const each of [one, model, generator, critic]) each.dispose();
  });
});
