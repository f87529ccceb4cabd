import '@gansynth/training/wasm';
import { describeOnBackends, expectClose, expectNoLeak } from '@gansynth/test-kit';
import { randomStream } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { ArgumentError, DivergenceError, StateError } from '../errors.js';
import { clips } from '../test-support/saved-trainings.js';
import { waveGanConfig } from './wavegan-config.js';
import { waveGanCriticLayers, WaveGanModel } from './wavegan-model.js';
import { waveGanCritic } from './wavegan-networks.js';
import { resumeWaveGanTrainer, WaveGanTrainer } from './wavegan-trainer.js';
import type { WaveGanEvent, WaveGanTrainingOptions } from './wavegan-training.js';

const tiny = waveGanConfig({ samples: 16_384, dim: 1, latentSize: 3, pitches: [60, 62] });
const training: WaveGanTrainingOptions = { totalSteps: 4, batchSize: 2, criticUpdates: 2 };

const trainer = (options: WaveGanTrainingOptions = {}, data = clips(tiny)): WaveGanTrainer =>
  new WaveGanTrainer({ network: tiny, training: { ...training, ...options }, seed: 1, data });

/** All weights and moments as one array. */
const everything = (of: WaveGanTrainer): number[] =>
  Object.values(of.state().tensors).flatMap((tensor) => [...tensor.dataSync()]);

describeOnBackends(
  'WaveGanTrainer',
  () => {
    it('updates the critic several times, each on fresh clips, then the generator once', async () => {
      const data = clips(tiny);
      const one = trainer({ criticUpdates: 3 }, data);
      const event = await one.step();
      expect(data.calls).toBe(3);
      expect(one.state().manifest.optimiserSteps).toEqual({ generator: 1, critic: 3 });
      expect(Object.values(event.losses).every(Number.isFinite)).toBe(true);
      expect(event.losses.criticPitch).toBeGreaterThan(0);
      one.dispose();
    });

    it('gives the same weights, bit for bit, when stopped and resumed', async () => {
      const straight = trainer();
      for (let step = 0; step < 3; step++) await straight.step();
      const first = trainer();
      await first.step();
      const { manifest, tensors } = first.state();
      const saved = Object.fromEntries(
        Object.entries(tensors).map(([name, tensor]) => [
          name,
          { shape: tensor.shape, data: tensor.dataSync<'float32'>().slice() },
        ]),
      );
      const second = await resumeWaveGanTrainer(
        { manifest: JSON.parse(JSON.stringify(manifest)) as typeof manifest, tensors: saved },
        { data: clips(tiny) },
      );
      await second.step();
      await second.step();
      expect(everything(second)).toEqual(everything(straight));
      for (const each of [straight, first, second]) each.dispose();
    });

    it('gives the same step in micro-batches', async () => {
      const [whole, parts] = [trainer(), trainer({ microBatchSize: 1 })];
      await whole.step();
      await parts.step();
      // Only the order of summation differs; Adam turns a gradient near 0 into a step of the rate's size either way.
      expectClose(everything(parts), everything(whole), { absolute: 4e-4 });
      whole.dispose();
      parts.dispose();
    });

    it('refuses a step that diverges and is then as before it', async () => {
      const one = trainer({}, clips(tiny, 3));
      await one.step();
      const before = everything(one);
      const error: unknown = await one.step().catch((reason: unknown) => reason);
      expect(DivergenceError.isInstance(error)).toBe(true);
      expect(everything(one)).toEqual(before);
      one.dispose();
    });

    it('runs to its last step as a stream of events, or until it is aborted', async () => {
      const one = trainer({ totalSteps: 2 });
      const events: WaveGanEvent[] = [];
      for await (const event of one.run()) events.push(event);
      expect(events.map(({ type }) => type)).toEqual(['step', 'step', 'end']);
      expect(events.at(-1)).toEqual({ type: 'end', reason: 'complete', steps: 2 });
      one.dispose();
      const other = trainer();
      const abort = new AbortController();
      const last: WaveGanEvent[] = [];
      for await (const event of other.run({ signal: abort.signal })) {
        last.push(event);
        abort.abort();
      }
      expect(last.at(-1)).toEqual({ type: 'end', reason: 'aborted', steps: 1 });
      other.dispose();
    });

    it('leaves no tensors behind', () =>
      expectNoLeak(async () => {
        const one = trainer();
        await one.step();
        await expectNoLeak(() => one.step());
        one.dispose();
      }));

    it('refuses clips of another length, states of another kind, two steps at once', async () => {
      const one = trainer({}, clips({ ...tiny, samples: 32_768 }));
      await expect(one.step()).rejects.toThrow(ArgumentError);
      const both = Promise.allSettled([one.step(), one.step()]);
      expect((await both)[1]).toMatchObject({
        status: 'rejected',
        reason: expect.objectContaining({ message: expect.stringMatching(/Await it first/) }),
      });
      const { manifest, tensors } = one.state();
      const wrong = { manifest: { ...manifest, format: 'other' as 'gansynth-wavegan-training' }, tensors };
      await expect(resumeWaveGanTrainer(wrong, { data: clips(tiny) })).rejects.toThrow(StateError);
      one.dispose();
    });
  },
  ['wasm'],
);

describeOnBackends('WaveGAN as layers', () => {
  const variants = [
    { ...tiny, upsampling: 'zeros' },
    { ...tiny, upsampling: 'nearest', pitches: [] },
  ] as const;
  it.each(variants)('gives what the networks give, and saves as stock layers: $upsampling', async (network) => {
    const one = new WaveGanTrainer({ network, training, seed: 4, data: clips(network) });
    const model = new WaveGanModel({ config: network, weights: one.generatorWeights() });
    const [generator, critic] = [model.toLayersModel(), waveGanCriticLayers(network, one.criticWeights())];
    tf.tidy(() => {
      const z = randomStream(2, 'z').uniform([2, network.latentSize], -1, 1) as tf.Tensor2D;
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
      expectClose((Array.isArray(judged) ? (judged[0] as tf.Tensor) : judged).dataSync(), score.dataSync(), { absolute: 1e-6 });
      if (logits && Array.isArray(judged))
        expectClose((judged[1] as tf.Tensor).dataSync(), logits.dataSync(), { absolute: 1e-6 });
    });
    const classes = new Set(generator.layers.map((layer) => layer.getClassName()));
    expect([...classes].some((name) => name.startsWith('Gansynth'))).toBe(false);
    for (const each of [one, model, generator, critic]) each.dispose();
  });
});
