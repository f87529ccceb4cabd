// What the wasm backend starts on here, and whether it counts right there; what notes are sampled on, and whether they are those of one thread.
import { createSampler, waveNetConfig, WaveNetModel, waveNetVariables } from '@gansynth/models-wavenet';
import '@gansynth/training';
import { startThreadedWasm } from '@gansynth/training/wasm';
import * as tf from '@tensorflow/tfjs-core';

const started = await startThreadedWasm();
// Large enough to be shared among threads.
const ones = tf.ones([1, 256, 256, 16]);
const sum = tf.sum(tf.conv2d(ones, tf.ones([3, 3, 16, 16]), 1, 'valid')).dataSync()[0];

const config = waveNetConfig({ layers: 2, width: 32, skipWidth: 32, conditioning: { kind: 'none' } });
const weights = waveNetVariables(config).map(({ name, shape }) => {
  const size = shape.reduce((product, side) => product * side, 1);
  return [name, { shape, data: Float32Array.from({ length: size }, (_, at) => 0.5 * Math.sin(at)) }];
});
const model = new WaveNetModel({ config, weights: Object.fromEntries(weights) });
const notes = Array.from({ length: 9 }, (_, seed) => ({ seed }));
const samplers = [];
for (const threads of [1, 2]) {
  const sampler = await createSampler(model, { batch: notes.length, threads });
  await sampler.begin(notes);
  samplers.push({ threads: sampler.threads, sounds: String(await sampler.next(64)) });
}
const [one, several] = samplers;
const sampler = { threads: several.threads, same: several.sounds === one.sounds, values: new Set(one.sounds.split(',')).size };
console.log(JSON.stringify({ ...started, backend: tf.getBackend(), right: sum / (254 * 254 * 16 * 144), sampler }));
