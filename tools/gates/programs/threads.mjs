// What the wasm backend starts on here, and whether it counts right there.
import '@gansynth/training';
import { startThreadedWasm } from '@gansynth/training/wasm';
import * as tf from '@tensorflow/tfjs-core';

const started = await startThreadedWasm();
// Large enough to be shared among threads.
const ones = tf.ones([1, 256, 256, 16]);
const sum = tf.sum(tf.conv2d(ones, tf.ones([3, 3, 16, 16]), 1, 'valid')).dataSync()[0];
console.log(JSON.stringify({ ...started, backend: tf.getBackend(), right: sum / (254 * 254 * 16 * 144) }));
