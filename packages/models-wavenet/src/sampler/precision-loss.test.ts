import '@gansynth/training/wasm';
import { measurePitch } from '@gansynth/common/pitch';
import { hertzOfPitch } from '@gansynth/common/note-name';
import { randomStream, type RandomStream } from '@gansynth/common/random';
import { describeOnBackends } from '@gansynth/test-kit';
import { trainStep } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { outputChannels, type OutputConfig } from '../config/output-config.js';
import { waveNetConfig } from '../config/wavenet-config.js';
import { WaveNetModel } from '../model/wavenet-model.js';
import { rows, scaledSamples } from '../network/decoder-input.js';
import { meanLoss } from '../training/wavenet-loss.js';
import { WaveNetTask } from '../training/wavenet-task.js';
import { createSampler } from './create-sampler.js';
import { precisions } from './precision.js';

const samples = 1024;
const period = 20;
const sampleRate = 16_000;

/** Two partials of a period, of any phase, between half and full as loud, and some noise. */
function tone(stream: RandomStream): Float32Array {
  const [phase = 0, loudness = 0] = stream.uniformValues(2);
  const noise = stream.normalValues(samples);
  return Float32Array.from({ length: samples }, (_, at) => {
    const angle = 2 * Math.PI * (at / period + phase);
    return (0.3 + 0.2 * loudness) * (Math.sin(angle) + 0.5 * Math.sin(2 * angle)) + 0.004 * noise[at]!;
  });
}

/** A network that has learned to sing. */
async function trained(output: OutputConfig, learningRate: number): Promise<WaveNetModel> {
  const stream = randomStream(7, 'tones');
  const network = waveNetConfig({ layers: 6, cycle: 6, width: 16, skipWidth: 32, output, conditioning: { kind: 'none' } });
  const steps = 200;
  const task = new WaveNetTask({
    network,
    training: { totalSteps: steps, batchSize: 4, noteSamples: samples, cropSamples: 256, learningRate, averageDecay: 0.95 },
    seed: 1,
    data: {
      next: async (batchSize) => ({
        audio: Array.from({ length: batchSize }, () => tone(stream)),
        labels: new Int32Array(batchSize).fill(-1),
      }),
      state: () => null,
      restore: () => {},
    },
  });
  for (let step = 0; step < steps; step++) await trainStep(task);
  const model = new WaveNetModel({ config: network, weights: task.weights() });
  task.dispose();
  return model;
}

const outputs: readonly { readonly output: OutputConfig; readonly learningRate: number; readonly learned: number }[] = [
  { output: { kind: 'mu-law' }, learningRate: 0.02, learned: 3.3 },
  { output: { kind: 'logistics', mixtures: 2, logScaleFloor: -7 }, learningRate: 0.005, learned: 8.8 },
];

describeOnBackends(
  'weights of less precision, of a network that has learned to sing',
  () => {
    it.each(outputs)(
      'lose less than 5 thousandths of a nat, and no pitch: $output.kind',
      async ({ output, learningRate, learned }) => {
        const model = await trained(output, learningRate);
        const stream = randomStream(99, 'tones not heard before');
        const sounds = Array.from({ length: 32 }, () => tone(stream));
        const losses: number[] = [];
        for (const precision of precisions) {
          const sampler = await createSampler(model, { batch: sounds.length, precision });
          const notes = sounds.map((_, seed) => ({ seed }));
          await sampler.begin(notes);
          const expected = await sampler.force(sounds);
          const loss = tf.tidy(() => {
            const all = tf.tensor3d(Float32Array.from(expected.flatMap((values) => [...values])), [
              sounds.length,
              samples,
              outputChannels(output),
            ]);
            return meanLoss(output, all, rows(sounds.map((sound) => scaledSamples(output, sound)))).dataSync()[0]!;
          });
          losses.push(loss);
          await sampler.begin(notes);
          for (const sound of (await sampler.next(samples)).slice(0, 16)) {
            const cents =
              1200 * Math.log2((hertzOfPitch(measurePitch(sound.subarray(256), sampleRate)?.pitch ?? 0) * period) / sampleRate);
            expect(Math.abs(cents), `${precision}: cents`).toBeLessThan(50);
          }
          sampler.dispose();
        }
        const [float32 = 0, bfloat16 = 0, int8 = 0] = losses;
        expect(float32).toBeLessThan(learned);
        // Either may gain a little, on so few sounds.
        expect(Math.abs(bfloat16 - float32)).toBeLessThan(2e-3);
        expect(Math.abs(int8 - float32)).toBeLessThan(5e-3);
        model.dispose();
      },
    );
  },
  ['wasm'],
);
