import '@gansynth/training/wasm';
import { describeOnBackends, expectClose, expectNoLeak } from '@gansynth/test-kit';
import { lossAndGradients, snapshotOf, trainStep } from '@gansynth/training';
import { randomStream } from '@gansynth/common/random';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { networkConfig, type NetworkConfig } from '../config.js';
import { criticTerms, type CriticBatch } from '../losses/gan-losses.js';
import { lossConfig } from '../../gan/loss-config.js';
import { oneHotLabels } from '../../gan/pitch-loss.js';
import { critic } from '../network/critic.js';
import { tensorGraph } from '../network/tensor-graph.js';
import { networkVariables } from '../network/variables.js';
import { GeneratorModel } from '../../model/generator-model.js';
import { latentWithInstrument } from '../../sampling/instruments.js';
import { drawLatents } from '../../sampling/latents.js';
import { latentTensor } from '../../sampling/sample.js';
import { syntheticSource, tinyNetwork, tinyTraining } from '../../test-support/synthetic.js';
import { ProgressiveGanTask } from './progressive-gan-task.js';
import { resumeProgressiveGanTask } from './resume-progressive-gan.js';

const network = networkConfig({ ...tinyNetwork, instruments: ['flute', 'horn'] });

async function take(task: ProgressiveGanTask, steps: number): Promise<void> {
  for (let i = 0; i < steps; i++) await trainStep(task);
}

/** A critic of one block, its images and labels, all from one seed. */
function criticCase(config: NetworkConfig): { weights: Record<string, tf.Variable>; batch: CriticBatch; names: string[] } {
  const variables = networkVariables('critic', config);
  const stream = randomStream(3, 'case');
  const weights = Object.fromEntries(
    variables.map(({ name, shape }) => [
      name,
      tf.variable(tf.tensor(stream.normalValues(tf.util.sizeFromShape([...shape])), [...shape])),
    ]),
  );
  const image = (): tf.Tensor4D => tf.tensor4d(stream.normalValues(16), [4, 1, 2, 2]);
  const pitch = oneHotLabels(Int32Array.of(0, 1, 2, 0), 3);
  const batch = {
    real: image(),
    generated: image(),
    realPitch: pitch,
    generatedPitch: pitch,
    instrument: oneHotLabels(Int32Array.of(0, 1, 1, 0), 2),
    mixing: tf.tensor1d(stream.uniformValues(4)),
  };
  return { weights, batch, names: variables.map(({ name }) => name) };
}

/** L1 term of the first step of a training whose instruments lead so far. */
const l1WithLead = (instrumentLead: number): Promise<number> => {
  const training = { ...tinyTraining, instrumentLead, adversarialAfter: 39, losses: { l1Weight: 1 } };
  const task = new ProgressiveGanTask({ network, training, seed: 1, data: syntheticSource(network) });
  return trainStep(task)
    .then(({ losses }) => losses.generatorL1!)
    .finally(() => task.dispose());
};

describeOnBackends('a network with instruments', () => {
  test('stops and resumes to the same weights bit for bit', async () => {
    await expectNoLeak(async () => {
      const start = (): ProgressiveGanTask =>
        new ProgressiveGanTask({ network, training: tinyTraining, seed: 1, data: syntheticSource(network) });
      const whole = start();
      await take(whole, 8);
      const first = start();
      await take(first, 3);
      const second = await resumeProgressiveGanTask(await snapshotOf(first), { data: syntheticSource(network, { seed: 9 }) });
      await take(second, 5);
      expect(await snapshotOf(second)).toEqual(await snapshotOf(whole));
      for (const task of [whole, first, second]) task.dispose();
    });
  });

  test('learns what each instrument is', async () => {
    const small = networkConfig({ ...network, blocks: 1, pitches: [60], start: [1, 2], filters: [8, 8] });
    const task = new ProgressiveGanTask({
      network: small,
      training: {
        schedule: { progressive: false, totalImages: 1e6, batchSizes: [8] },
        generatorLearningRate: 5e-3,
        criticLearningRate: 5e-3,
        averageDecay: 0.9,
      },
      seed: 1,
      data: syntheticSource(small),
    });
    await take(task, 100);
    const model = new GeneratorModel({ config: small, weights: task.generatorWeights(), growth: task.growth });
    const levels = [0, 1].map((instrument) => {
      const latents = drawLatents(16, { seed: 2, latentSize: 4 }).map((z) => latentWithInstrument(z, small, instrument));
      return tf.tidy(() => tf.mean(model.generate(latentTensor(latents, 4), new Int32Array(16))).dataSync()[0]!);
    });
    // The images of the first are around 0, those of the second around -2, clipped to -1.25 in one channel.
    expect(levels[0]! - levels[1]!).toBeGreaterThan(0.8);
    model.dispose();
    task.dispose();
  });

  test('learns from latents whose instrument leads as far as it is told', async () => {
    // From a certain lead on, the instrument has all of the votes' softmax.
    const [none, far, farther] = [await l1WithLead(0), await l1WithLead(50), await l1WithLead(80)];
    expect(Math.abs(none - far)).toBeGreaterThan(1e-5);
    expect(farther).toBe(far);
  });

  test('with an L1 term alone learns the middle of each label', async () => {
    const small = networkConfig({ ...network, blocks: 1, pitches: [60], start: [1, 2], filters: [8, 8] });
    const task = new ProgressiveGanTask({
      network: small,
      training: {
        schedule: { progressive: false, totalImages: 1e6, batchSizes: [8] },
        generatorLearningRate: 2e-2,
        criticLearningRate: 1e-9,
        losses: { l1Weight: 100, generatorPitchWeight: 0 },
        averageDecay: 0.9,
      },
      seed: 1,
      data: syntheticSource(small),
    });
    const { losses } = await trainStep(task);
    await take(task, 80);
    const last = await trainStep(task);
    // The noise of the images has a deviation of 0.3: scaled by 0.1 and 0.8 its mean size is 0.11, which no generator can undercut.
    expect(losses.generatorL1).toBeGreaterThan(0.4);
    expect(last.losses.generatorL1).toBeLessThan(0.25);
    task.dispose();
  });

  test('scores an image by its instrument, and has the second derivatives of that', () => {
    const config = networkConfig({ ...network, blocks: 1, normaliser: null, stddevGradient: 'exact' });
    const { weights, batch, names } = criticCase(config);
    const growth = { blocks: 1, progress: 0 };
    const scores = (instrument: tf.Tensor2D): Float32Array =>
      tf.tidy(() =>
        critic(tensorGraph(weights), config, growth, { image: batch.real as tf.Tensor, instrument })
          .score.dataSync<'float32'>()
          .slice(),
      );
    expect(scores(batch.instrument!)).not.toEqual(scores(oneHotLabels(Int32Array.of(1, 0, 0, 1), 2)));

    const losses = lossConfig();
    const total = (): tf.Scalar => criticTerms({ config, growth, weights }, batch, losses).total;
    const name = names.find((one) => one.endsWith('block_1/instrument/dense/kernel'))!;
    const variable = weights[name]!;
    const { loss, gradients } = lossAndGradients(total, [variable]);
    const values = variable.dataSync<'float32'>().slice();
    const step = 1e-2;
    const differences = Array.from({ length: 4 }, (_, i) => {
      const at = (delta: number): number => {
        variable.assign(
          tf.tensor(
            values.map((value, j) => (i === j ? value + delta : value)),
            variable.shape,
          ),
        );
        return tf.tidy(() => total().dataSync()[0]!);
      };
      return (at(step) - at(-step)) / (2 * step);
    });
    expectClose(gradients[0]!.dataSync().slice(0, 4), differences, { relative: 2e-2, label: 'slopes' });
    loss.dispose();
    tf.dispose(gradients as tf.Tensor[]);
    tf.dispose(weights);
  });

  test('refuses batches without instruments, and critics that are not told them', async () => {
    const source = syntheticSource({ ...network, instruments: [] });
    const task = new ProgressiveGanTask({ network, training: tinyTraining, seed: 1, data: source });
    await expect(trainStep(task)).rejects.toThrow(/expected 4 instruments as positions in the network's 2, found none/);
    task.dispose();
    expect(() =>
      critic(tensorGraph({}), network, { blocks: 1, progress: 0 }, { image: tf.zeros([1, 1, 2, 2]) as tf.Tensor }),
    ).toThrow(/expected the instruments of the images/);
  });
});
