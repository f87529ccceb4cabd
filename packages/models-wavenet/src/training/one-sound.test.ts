import '@gansynth/training/wasm';
import { describeOnBackends } from '@gansynth/test-kit';
import { randomStream, type RandomStream } from '@gansynth/common/random';
import { trainStep, type LearningRate } from '@gansynth/training';
import { expect, it } from 'vitest';
import type { OutputConfig } from '../config/output-config.js';
import { waveNetConfig } from '../config/wavenet-config.js';
import { WaveNetModel } from '../model/wavenet-model.js';
import { createSampler } from '../sampler/create-sampler.js';
import { WaveNetTask } from './wavenet-task.js';

const samples = 1024;

/** A tone that glides upwards and dies away: no part of it is like another. */
const sound = Float32Array.from({ length: samples }, (_, at) => {
  const angle = 2 * Math.PI * (at / 40 + (at / 350) ** 2);
  return 0.6 * Math.exp(-at / 800) * (Math.sin(angle) + 0.4 * Math.sin(2 * angle + 1));
});

/** The sound as it is recorded: with noise never twice the same, so that what sings it learns to come back to it. */
function withNoise(deviation: number, stream: RandomStream): Float32Array {
  const noise = stream.normalValues(samples);
  return sound.map((value, at) => value + deviation * noise[at]!);
}

interface Learning {
  readonly output: OutputConfig;
  /** Standard deviation; the sound's peak is 0.7. */
  readonly noise: number;
  readonly steps: number;
}

const learningRate: LearningRate = [
  { from: 0, rate: 0.01 },
  { from: 200, rate: 0.003 },
];

/** What of the sound a network that knows nothing else sings, from silence on: correlations of some seeds with it, and nats at the end. */
async function sungByHeart({ output, noise, steps }: Learning): Promise<{ nats: number; alike: number[] }> {
  const network = waveNetConfig({ layers: 8, cycle: 8, width: 16, skipWidth: 32, output, conditioning: { kind: 'none' } });
  const stream = randomStream(3, 'noise');
  const task = new WaveNetTask({
    network,
    training: { totalSteps: steps, batchSize: 2, noteSamples: samples, cropSamples: samples, learningRate, averageDecay: 0.95 },
    seed: 1,
    data: {
      next: async (batchSize) => ({
        audio: Array.from({ length: batchSize }, () => withNoise(noise, stream)),
        labels: new Int32Array(batchSize).fill(-1),
      }),
      state: () => null,
      restore: () => {},
    },
  });
  let nats = 0;
  for (let step = 0; step < steps; step++) nats = (await trainStep(task)).losses.nats;
  const model = new WaveNetModel({ config: network, weights: task.weights() });
  task.dispose();
  const sampler = await createSampler(model, { batch: 4 });
  await sampler.begin([0, 1, 2, 3].map((seed) => ({ seed })));
  const sung = await sampler.next(samples);
  sampler.dispose();
  model.dispose();
  return { nats, alike: sung.map((one) => correlation(one, sound)) };
}

function correlation(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (const [at, value] of a.entries()) {
    ab += value * b[at]!;
    aa += value * value;
    bb += b[at]! * b[at]!;
  }
  return ab / Math.sqrt(aa * bb);
}

describeOnBackends(
  'a network that has learned one sound by heart',
  () => {
    it('sings it code by code, of 256 levels', async () => {
      const { nats, alike } = await sungByHeart({ output: { kind: 'mu-law' }, noise: 0, steps: 150 });
      expect(nats).toBeLessThan(0.1);
      for (const one of alike) expect(one).toBeGreaterThan(0.99);
    });

    it('sings after it, of 65,536 levels: each sample is drawn, and off the path by a little', async () => {
      const output: OutputConfig = { kind: 'logistics', mixtures: 2, logScaleFloor: -7 };
      const { nats, alike } = await sungByHeart({ output, noise: 0.01, steps: 300 });
      // Of 11.09; the noise alone has 7.2.
      expect(nats).toBeLessThan(8);
      expect(alike.reduce((sum, one) => sum + one, 0) / alike.length).toBeGreaterThan(0.5);
    });
  },
  ['wasm'],
);
