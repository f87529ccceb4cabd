import * as tf from '@tensorflow/tfjs-core';
import type { Loaded } from './names.js';

/** Plain JavaScript: always there, for tests and last resorts. */
export async function loadCpu(): Promise<Loaded> {
  // tfjs-node brings it along, and a second copy would complain of every kernel.
  if (!tf.findBackendFactory('cpu')) await import('@tensorflow/tfjs-backend-cpu');
  await tf.setBackend('cpu');
  return { name: 'cpu', detail: `tfjs-backend-cpu ${tf.version_core}, plain JavaScript` };
}
