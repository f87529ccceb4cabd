import '@gansynth/training/wasm';
import { describeOnBackends, expectClose, nodeBackends } from '@gansynth/test-kit';
import { stateOf, trainStep } from '@gansynth/training';
import { tamperedSource, taskChecks, type TaskSubject } from '@gansynth/training/test';
import { describe, expect, it } from 'vitest';
import { waveNetConfig, type WaveNetConfig } from '../config/wavenet-config.js';
import { tiny, tinyTraining, tones } from '../test-support/tiny.js';
import type { NoteBatch } from './note-source.js';
import { resumeWaveNetTask } from './resume-wavenet.js';
import { WaveNetTask } from './wavenet-task.js';
import { waveNetTrainingConfig, type WaveNetTrainingOptions } from './wavenet-training-config.js';

const task = (network: WaveNetConfig = tiny.pitch8, options: WaveNetTrainingOptions = {}, data = tones()): WaveNetTask =>
  new WaveNetTask({ network, training: { ...tinyTraining, ...options }, seed: 1, data });

const mean = (part: number[]): number => part.reduce((sum, value) => sum + value, 0) / part.length;

const isWeight = (name: string): boolean => !/\/(Adam(_1)?|ExponentialMovingAverage)$/.test(name);

/** Of some of what it saves, as one array. */
const valuesOf = (of: WaveNetTask, isMeant: (name: string) => boolean): number[] =>
  Object.entries(stateOf(of).tensors).flatMap(([name, tensor]) => (isMeant(name) ? [...tensor.dataSync()] : []));

const faults: Readonly<Record<string, (batch: NoteBatch) => NoteBatch>> = {
  'a value that is not a number': ({ audio, labels }) => ({ audio: audio.map((sound) => sound.fill(Number.NaN, 3, 4)), labels }),
  '16-bit integers for samples': ({ audio, labels }) => ({ audio: audio.map((sound) => sound.map((x) => x * 32_768)), labels }),
  'a note that is too short': ({ audio, labels }) => ({ audio: audio.map((sound) => sound.subarray(1)), labels }),
  'one note less': ({ audio, labels }) => ({ audio: audio.slice(1), labels }),
  'MIDI pitches for class indices': ({ audio, labels }) => ({ audio, labels: labels.map(() => 60) }),
};

const subject = (network: WaveNetConfig, options: WaveNetTrainingOptions = {}): TaskSubject => ({
  create: (tamper) => task(network, options, tamperedSource(tones(), tamper, faults)),
  resume: (state) => resumeWaveNetTask(state, { data: tones(77) }),
  // The first update throws the weights far away.
  createDiverging: () => task(network, { ...options, learningRate: 1e6, divergenceLimit: 1e3 }),
  refusals: {
    'a value that is not a number': /note source: expected samples in \[-1, 1\], found NaN in note 0/,
    '16-bit integers for samples': /expected samples in \[-1, 1\], found -?\d+/,
    'a note that is too short': /expected notes of 160 samples, found one of 159\. Cut or pad/,
    'one note less': /expected 4 notes and as many labels, found 3 notes and 4 labels/,
    ...(network.conditioning.kind === 'pitch'
      ? { 'MIDI pitches for class indices': /2 pitches \(or -1 for none\), found 60\. Give the class index/ }
      : {}),
  },
});

describeOnBackends(
  'the training of a WaveNet',
  () => {
    describe.each([
      ['pitch8', { inputNoise: 0.02, onsetShare: 0.5, leadSamples: 24 }],
      ['pitch16', { inputDropout: 0.3 }],
      ['autoencoder', {}],
    ] as const)('%s', (name, draws) => {
      for (const { name: check, run } of taskChecks(subject(tiny[name], draws))) it(check, run);

      const options = { microBatchSize: 1, ...draws };
      const shared = taskChecks({ ...subject(tiny[name], options), processes: [1, 2, 4] });
      for (const { name: check, run } of shared.filter(({ name: check }) => /same run on/.test(check))) it(check, run);
    });

    it.each(['pitch8', 'pitch16', 'autoencoder', 'free'] as const)('learns: %s', async (name) => {
      const one = task(tiny[name], { totalSteps: 60, learningRate: 1e-2 });
      const losses: number[] = [];
      for (let step = 0; step < 60; step++) losses.push((await trainStep(one)).losses.nats);
      expect(mean(losses.slice(-5))).toBeLessThan(mean(losses.slice(0, 3)) - 0.7);
      one.dispose();
    });

    it.each<WaveNetTrainingOptions>([{}, { inputDropout: 0.4 }, { onsetShare: 0.5, leadSamples: 40 }])(
      'gives the same step in micro-batches: %o',
      async (options) => {
        const [whole, parts] = [task(tiny.pitch8, options), task(tiny.pitch8, { ...options, microBatchSize: 1 })];
        await trainStep(whole);
        await trainStep(parts);
        // Adam's mean is a tenth of the gradient, in which only the order of summation differs.
        const [mean, expected] = [parts, whole].map((one) => valuesOf(one, (name) => name.endsWith('/Adam')));
        expect(Math.max(...expected!.map(Math.abs))).toBeGreaterThan(1e-3);
        expectClose(mean!, expected!, { absolute: 1e-7 });
        whole.dispose();
        parts.dispose();
      },
    );
  },
  // Not on cpu, which is too slow for this many steps.
  nodeBackends.filter((backend) => backend !== 'cpu'),
);

describeOnBackends(
  'a WaveNet in training',
  () => {
    it('names what belongs to its variables as TensorFlow does, and remembers nothing of those that nobody reads', () => {
      const one = task();
      const names = Object.keys(stateOf(one).tensors);
      expect(names).toEqual(
        expect.arrayContaining([
          'dilatedconv_1/W',
          'dilatedconv_1/W/Adam',
          'dilatedconv_1/W/Adam_1',
          'dilatedconv_1/W/ExponentialMovingAverage',
          'res_4/W',
        ]),
      );
      expect(names).not.toContain('res_4/W/Adam');
      one.dispose();
    });

    it('follows the weights at once in the beginning, and slower later', async () => {
      const one = task();
      const before = await one.weights('raw')['logits/W']?.data();
      await trainStep(one);
      const [raw, average] = [await one.weights('raw')['logits/W']?.data(), await one.weights()['logits/W']?.data()];
      // (1 + 1) / (10 + 1) of the old remains.
      const expected = Array.from(before ?? [], (old, index) => (2 / 11) * old + (9 / 11) * Number(raw?.[index]));
      expectClose(average ?? [], expected, { absolute: 1e-6 });
      one.dispose();
    });

    it('takes its learning rate by the step', async () => {
      const one = task(tiny.pitch8, {
        learningRate: [
          { from: 0, rate: 0 },
          { from: 1, rate: 1e-3 },
        ],
      });
      const before = valuesOf(one, isWeight);
      await trainStep(one);
      expect(valuesOf(one, isWeight)).toEqual(before);
      await trainStep(one);
      // Adam's second step of a gradient that hardly changes is about the rate.
      const changes = valuesOf(one, isWeight).map((value, index) => Math.abs(value - before[index]!));
      expect(Math.max(...changes)).toBeGreaterThan(5e-4);
      expect(Math.max(...changes)).toBeLessThan(2e-3);
      expect(waveNetTrainingConfig(tiny.pitch8, tinyTraining).learningRate).toContainEqual({ from: 180_000, rate: 2e-5 });
      one.dispose();
    });
  },
  ['cpu'],
);

describe('settings of a training that cannot be right', () => {
  it.each<[WaveNetTrainingOptions, RegExp]>([
    [{ cropSamples: 60 }, /cropSamples: expected a multiple of the conditioning's hop, 16, found 60/],
    [{ cropSamples: 176 }, /cropSamples: expected a whole number from 1 to 160, found 176/],
    [{ noteSamples: 320 }, /noteSamples: expected the length that the pitch conditioning is made for, 160, found 320/],
    [{ learningRate: [{ from: 1, rate: 1 }] }, /learningRate/],
    [{ leadSamples: 64 }, /leadSamples: expected a whole number from 0 to 63, found 64/],
    [{ onsetShare: 1.5 }, /onsetShare: expected a number from 0 to 1, found 1.5/],
    [{ inputDropout: 1 }, /inputDropout: expected a number from 0 to 0.99, found 1/],
    [{ batchSize: 0 }, /batchSize/],
  ])('says what is wrong: %o', (options, message) => {
    expect(() => waveNetTrainingConfig(tiny.pitch8, { ...tinyTraining, ...options })).toThrow(message);
  });

  it('cannot train on frames that nobody makes', () => {
    const network = waveNetConfig({ conditioning: { kind: 'frames', encoder: null } });
    expect(() => waveNetTrainingConfig(network)).toThrow(/conditioning.encoder: expected an encoder/);
  });
});
