import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import type { BackendName } from './backends.js';
import { describePerBackend } from './suite.js';

/** The GPU backends of a browser. webgpu only where the browser has an adapter (headless: a software one). */
export const browserBackends: readonly BackendName[] = (await (
  navigator as { gpu?: { requestAdapter(): Promise<unknown> } }
).gpu?.requestAdapter())
  ? ['webgl', 'webgpu']
  : ['webgl'];

/** Runs one suite once per GPU backend of this browser. */
export function describeOnBackends(
  name: string,
  body: (backend: BackendName) => void,
  backends: readonly BackendName[] = browserBackends,
): void {
  describePerBackend(name, backends, body);
}

export { difference, expectClose, signalToNoise, type Difference } from './compare.js';
export { fillingRule } from './filling-rule.js';
export { readGolden, readGoldenBytes, readGoldenNpy } from './golden-browser.js';
export { directionalDerivatives } from './gradients.js';
export { expectNoLeak } from './memory.js';
export { describeWithGenuineNSynth, readNote, readNpy, readReferenceWav, readShared, sharedPath } from './shared-browser.js';
export type { Npy } from './npy.js';
export type { BackendName } from './backends.js';
