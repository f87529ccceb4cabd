import { describeOnBackends } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { oneHotLabels, pitchLoss } from './pitch-loss.js';

describeOnBackends('one-hot pitches', () => {
  it('have a row of zeros for no pitch, and exist for a single pitch', () => {
    tf.tidy(() => {
      expect([...oneHotLabels(Int32Array.of(2, -1, 0, 3), 3).dataSync()]).toEqual([0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
      const single = oneHotLabels(Int32Array.of(0, 0), 1);
      expect([single.shape, [...single.dataSync()]]).toEqual([
        [2, 1],
        [1, 1],
      ]);
      expect(pitchLoss(single, tf.tensor2d([[3], [-2]])).dataSync()[0]).toBeCloseTo(0, 6);
    });
  });
});
