import { describeOnBackends } from '@gansynth/test-kit';
import { goldenImagesSuite, goldenMelSuite } from './suites/golden-images.js';
import { goldenNormalisersSuite } from './suites/golden-normalisers.js';

goldenMelSuite();
describeOnBackends('golden vectors', (backend) => {
  goldenImagesSuite(backend === 'wasm' ? ['typed-array', 'tensor'] : ['typed-array']);
  goldenNormalisersSuite();
});
