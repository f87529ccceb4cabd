import * as tf from '@tensorflow/tfjs-core';
import '@gansynth/test-kit';
import { expect, it } from 'vitest';
import { progressMeter } from './index.js';

it('a progress meter reports speed since the last report, and memory', async () => {
  await tf.setBackend('cpu');
  let clock = 1000;
  const meter = progressMeter({ now: () => clock });
  expect(meter.report(0).values).not.toHaveProperty('progress/images-per-second');
  meter.add(8);
  meter.add(8);
  clock += 400;
  const { type, step, values } = meter.report(16);
  expect({ type, step }).toEqual({ type: 'scalars', step: 16 });
  expect(values['progress/images-per-second']).toBe(40);
  expect(values['progress/milliseconds-per-step']).toBe(200);
  expect(values['memory/tensors']).toBe(tf.memory().numTensors);
  clock += 100;
  meter.add(1);
  expect(meter.report(17).values['progress/images-per-second']).toBe(10);
});
