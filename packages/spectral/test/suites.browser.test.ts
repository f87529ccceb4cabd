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

/** The GPUs of a browser: tensor engine only, a few bits less. Full size on one of them: software GPUs take half a minute a note. */
describeOnBackends('spectral', (backend) => {
  partsSuite();
  stftSuite(['tensor']);
  representationSuite(['tensor'], { gpu: true, fullSize: backend === 'webgl' });
  normaliserSuite();
  harmonicSuite();
  additiveSuite(['tensor'], { gpu: true });
  halfHarmonicsSuite(['tensor'], { gpu: true });
  modulationSuite([]);
  framesBeforeSuite({ gpu: true });
});
