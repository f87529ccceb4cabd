import * as tf from '@tensorflow/tfjs-core';

/**
 * Lets the fastest thing compute that is here: a CUDA GPU (npm install @tensorflow/tfjs-node-gpu), TensorFlow on the CPU (npm install
 * @tensorflow/tfjs-node), else WebAssembly on all cores, which needs nothing.
 *
 * @returns what it is
 */
export async function startBackend() {
  for (const name of ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']) {
    try {
      await import(name);
      await tf.setBackend('tensorflow');
      return `${name}, ${tf.backend().isUsingGpuDevice ? 'GPU' : 'CPU'}`;
    } catch (error) {
      if (error.code !== 'ERR_MODULE_NOT_FOUND') console.log(`${name} does not load: ${error.message.split('\n')[0]}`);
    }
  }
  const { startThreadedWasm } = await import('@gansynth/training/wasm');
  const { threads } = await startThreadedWasm();
  return `WebAssembly, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}
