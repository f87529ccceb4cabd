import { startThreadedWasm } from '@gansynth/training/wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { Loaded } from './names.js';

/** The embedded default: WebAssembly with SIMD, on all cores where that works, with the kernels training needs. */
export async function loadWasm(wanted: number | undefined): Promise<Loaded> {
  const { threads, reason } = await startThreadedWasm(wanted === undefined ? {} : { threads: wanted });
  const how = threads === 1 ? `1 thread${reason === undefined ? '' : ` (${reason})`}` : `${threads} threads`;
  return { name: 'wasm', detail: `tfjs-backend-wasm ${tf.version_core}, SIMD, ${how}` };
}
