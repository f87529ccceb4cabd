export { describeOnBackends, nodeBackends, tensorflowAvailable, type BackendName } from './backends.js';
export { difference, expectClose, signalToNoise, type Difference } from './compare.js';
export { fillingRule } from './filling-rule.js';
export { readGolden, readGoldenBytes, readGoldenNpy, unpackGolden } from './golden.js';
export { directionalDerivatives } from './gradients.js';
export { expectNoLeak } from './memory.js';
export { collections, demoNotes, noteFolder, readNote, recordedNotes, type Collection, type RecordedNote } from './notes.js';
export type { Npy } from './npy.js';
export { describeWithGenuineNSynth, readNpy, readReferenceWav, readShared, sharedPath } from './shared.js';
