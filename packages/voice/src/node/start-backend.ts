import * as tf from '@tensorflow/tfjs-core';
import { BackendError } from '../errors.js';

/**
 * Lets something compute: what runs already, else the backend that was imported, else WebAssembly on all processors with this project's
 * kernels.
 *
 * @throws BackendError if that is not installed
 */
export async function startBackend(): Promise<void> {
  const { backendName, registryFactory } = tf.engine();
  const imported = Object.keys(registryFactory).filter((name) => name !== 'wasm');
  if (backendName || imported.length > 0) return tf.ready();
  const { startThreadedWasm } = await import('@gansynth/training/wasm').catch((error: unknown) => {
    throw new BackendError('expected a backend, found none: npm install @tensorflow/tfjs-backend-wasm.', { cause: error });
  });
  await startThreadedWasm();
}
