import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { BackendUnavailable, type Loaded } from './names.js';

interface TrainingWasm {
  startThreadedWasm(): Promise<{ readonly threads: number }>;
}

/** The embedded default: WebAssembly with SIMD, on several cores where that works, with the kernels training needs. */
export async function loadWasm(): Promise<Loaded> {
  const require = createRequire(import.meta.url);
  setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`);
  const specifier: string = '@gansynth/training/wasm';
  let threads = 1;
  try {
    const training = (await import(specifier)) as TrainingWasm;
    ({ threads } = await training.startThreadedWasm());
  } catch {
    threads = 1;
  }
  if (!(await tf.setBackend('wasm'))) {
    throw new BackendUnavailable(
      'tfjs could not start WebAssembly.',
      'Use Node 20.19 or newer; reinstall @tensorflow/tfjs-backend-wasm.',
    );
  }
  return {
    name: 'wasm',
    detail: `tfjs-backend-wasm ${tf.version_core}, SIMD, ${threads === 1 ? '1 thread' : `${threads} threads`}`,
  };
}
