import { describeOnBackends } from '@gansynth/test-kit';
import { goldenImagesSuite } from './suites/golden-images.js';
import { goldenNormalisersSuite } from './suites/golden-normalisers.js';

describeOnBackends('golden vectors', (backend) => {
  goldenNormalisersSuite();
  // A software GPU takes 20 to 90 s a note on webgpu.
  // Sine and cosine of a GPU may be off by 2^-11 (Vulkan's limit; 1.9e-4 here), and so is what they make of exact phases.
  if (backend === 'webgl') goldenImagesSuite(['tensor'], { sineError: 2 ** -11 });
});
