// Must come first: the kernels below replace those that this import registers.
import '@tensorflow/tfjs-backend-wasm';
import { registerBatchMatMul } from './batch-mat-mul.js';
import { registerConv2D } from './conv2d.js';
import { registerConv2DBackpropFilter } from './conv2d-backprop-filter.js';
import { registerConv2DBackpropInput } from './conv2d-backprop-input.js';
import { registerElementwise } from './elementwise.js';
import { registerIdentity } from './identity.js';
import { isSupported, watchBackendStart } from './memory.js';
import { registerSlice } from './slice.js';
import { registerSum } from './sum.js';
import { registerPreparedConvolution } from './winograd.js';

export { WasmMemoryError } from './guard-memory.js';
export { startThreadedWasm, type ThreadedWasm, type ThreadedWasmOptions } from './start-threaded.js';

let registered = false;

/**
 * Registers the kernels that the wasm backend lacks for training, or has slowly. The import of `@gansynth/training/wasm` calls it;
 * calling it again does nothing.
 *
 * @returns false where WebAssembly has no SIMD; then nothing is registered and the backend is as before
 */
export function registerWasmKernels(): boolean {
  if (registered || !isSupported()) return registered;
  registered = true;
  watchBackendStart();
  registerConv2D();
  registerConv2DBackpropFilter();
  registerConv2DBackpropInput();
  registerBatchMatMul();
  registerElementwise();
  registerSum();
  registerSlice();
  registerIdentity();
  registerPreparedConvolution();
  return true;
}

registerWasmKernels();
