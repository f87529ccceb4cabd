import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { Loaded } from './names.js';

/** Plain JavaScript: always there, for tests and last resorts. */
export async function loadCpu(): Promise<Loaded> {
  await tf.setBackend('cpu');
  return { name: 'cpu', detail: `tfjs-backend-cpu ${tf.version_core}, plain JavaScript` };
}
