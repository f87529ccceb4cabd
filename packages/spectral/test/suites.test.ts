import { describeOnBackends } from '@gansynth/test-kit';
import { additiveSuite } from './suites/additive.js';
import { framesBeforeSuite } from './suites/frames-before.js';
import { halfHarmonicsSuite } from './suites/half-harmonics.js';
import { harmonicSuite } from './suites/harmonic.js';
import { modulationSuite } from './suites/modulation.js';
import { normaliserSuite } from './suites/normaliser.js';
import { partsSuite } from './suites/parts.js';
import { representationSuite } from './suites/representation.js';
import { stftSuite } from './suites/stft.js';

/** Both engines on wasm, where each is quick; elsewhere the one that `auto` takes. */
describeOnBackends('spectral', (backend) => {
  const engines = backend === 'wasm' ? (['typed-array', 'tensor'] as const) : (['typed-array'] as const);
  partsSuite();
  stftSuite(engines);
  representationSuite(engines);
  normaliserSuite();
  harmonicSuite();
  additiveSuite(engines);
  halfHarmonicsSuite(engines);
  modulationSuite(engines);
  framesBeforeSuite();
});
