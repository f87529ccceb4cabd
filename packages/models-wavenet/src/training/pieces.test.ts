import { describeOnBackends, expectClose } from '@gansynth/test-kit';
import { randomStream } from '@gansynth/common/random';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { receptiveField } from '../config/wavenet-config.js';
import { waveNetVariables } from '../network/variables.js';
import { tiny, tinyTraining } from '../test-support/tiny.js';
import { drawStarts, waveNetStreams } from './crops.js';
import { initialValues } from './initial-values.js';
import { waveNetLoss } from './wavenet-loss.js';
import { waveNetTrainingConfig } from './wavenet-training-config.js';

const network = tiny.pitch8;

const startsOf = (onsetShare: number): Int32Array =>
  drawStarts(waveNetStreams(3), network, waveNetTrainingConfig(network, { ...tinyTraining, batchSize: 4000, onsetShare }));
const share = (starts: Int32Array): number => starts.filter((start) => start === 0).length / starts.length;

const weights = (): Record<string, tf.Tensor> =>
  Object.fromEntries(
    waveNetVariables(network).map((variable) => [variable.name, tf.tensor(initialValues(variable, 1), [...variable.shape])]),
  );

describe('where pieces begin', () => {
  test('is anywhere that a frame begins, or with the note in a share of them', () => {
    // 160 samples, pieces of 64, frames of 16: places 0, 16, ... 96.
    expect([...new Set(startsOf(0))].sort((a, b) => a - b)).toEqual([0, 16, 32, 48, 64, 80, 96]);
    expect(share(startsOf(0))).toBeCloseTo(1 / 7, 1);
    expect(share(startsOf(0.6))).toBeCloseTo(0.6 + 0.4 / 7, 1);
    expect(share(startsOf(1))).toBe(1);
  });
});

describeOnBackends('pieces with a lead', () => {
  const note = randomStream(2, 'note')
    .uniformValues(160)
    .map((value) => 1.6 * value - 0.8);
  /** Nats of a piece of the note. */
  const nats = (from: number, to: number, lead?: number): number =>
    tf.tidy(
      () =>
        waveNetLoss(weights(), network, {
          audio: [note.subarray(from, to)],
          labels: [1],
          starts: [from],
          ...(lead === undefined ? {} : { leads: [lead] }),
        }).dataSync()[0]!,
    );

  test('are judged as the whole note is there, once the lead is as long as what is in sight', () => {
    const lead = Math.ceil(receptiveField(network) / 16) * 16;
    expect(lead).toBeLessThanOrEqual(96);
    const [whole, before] = [nats(0, 160), nats(0, lead + 16)];
    const last = nats(16, 160, lead);
    // The mean over the note is that over its beginning and that over the rest.
    expectClose([last], [(160 * whole - (lead + 16) * before) / (144 - lead)], { absolute: 2e-4 });
    expect(Math.abs(nats(16, 160) - last)).toBeGreaterThan(1e-3);
    expectClose([nats(0, 160, 0)], [whole], { absolute: 1e-6 });
  });

  test('weigh alike, however much of them is judged', () => {
    const both = tf.tidy(() =>
      waveNetLoss(weights(), network, {
        audio: [note.subarray(0, 64), note.subarray(64, 128)],
        labels: [0, 0],
        starts: [0, 64],
        leads: [0, 40],
      }).dataSync(),
    );
    const alone = [0, 64].map((from) =>
      tf.tidy(
        () =>
          waveNetLoss(weights(), network, {
            audio: [note.subarray(from, from + 64)],
            labels: [0],
            starts: [from],
            leads: [from === 0 ? 0 : 40],
          }).dataSync()[0]!,
      ),
    );
    expectClose(both, [(alone[0]! + alone[1]!) / 2], { absolute: 1e-5 });
  });
});
