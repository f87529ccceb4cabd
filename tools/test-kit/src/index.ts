export { describeOnBackends, nodeBackends, tensorflowAvailable, type BackendName } from './backends.js';
export { difference, expectClose, signalToNoise, type Difference } from './compare.js';
export { directionalDerivatives } from './gradients.js';
export { expectNoLeak } from './memory.js';
export type { Npy } from './npy.js';
export { describeWithShared, readNpy, readReferenceWav, readShared, sharedPath } from './shared.js';
