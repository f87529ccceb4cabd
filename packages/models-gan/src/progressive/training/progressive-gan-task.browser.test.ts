import { describeOnBackends, expectClose, expectNoLeak } from '@gansynth/test-kit';
import { test } from 'vitest';
import { lossesAtSteps, lossesOnCpu } from '../../test-support/first-losses.js';

describeOnBackends('a training', () => {
  test('has the losses that cpu has, after seven steps of both networks as well', async () => {
    await expectNoLeak(async () => {
      for (const [index, losses] of (await lossesAtSteps()).entries()) {
        // Shaders compute reciprocals, roots and exponentials with a few units in the last place less, and Adam's first steps amplify it.
        expectClose(losses, lossesOnCpu[index]!, { relative: index === 0 ? 1e-4 : 5e-3, label: 'losses' });
      }
    });
  }, 180_000);
});
