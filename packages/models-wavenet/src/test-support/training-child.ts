/*
 * A training that is meant to be killed: it resumes from the checkpoint store it is given, saves after every step, and ends with the
 * schedule. Prints a hash of everything it has trained.
 */
import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import '@gansynth/training/wasm';
import { runTraining, snapshotOf, stateOf } from '@gansynth/training';
import { openCheckpointStore } from '@gansynth/training/node';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { resumeWaveNetTask } from '../training/resume-wavenet.js';
import { WaveNetTask } from '../training/wavenet-task.js';
import { tiny, tinyTraining, tones } from './tiny.js';

const [directory, journal, name] = process.argv.slice(2) as [string, string, keyof typeof tiny];
await tf.setBackend('wasm');
const store = await openCheckpointStore(directory, { identity: `crash test of ${name}`, keepLast: 2 });
const saved = await store.load();
appendFileSync(journal, `started ${saved?.step ?? 0} ${saved?.refusals.length ?? 0}\n`);
const data = tones();
// Each random stream is in use: pieces, dropout; and micro-batches.
const training = { ...tinyTraining, totalSteps: 12, microBatchSize: 2, inputDropout: 0.3 };
const task = saved
  ? await resumeWaveNetTask({ manifest: saved.state, tensors: saved.tensors }, { data })
  : new WaveNetTask({ network: tiny[name], training, seed: 1, data });
for await (const event of runTraining(task)) {
  if (event.type !== 'step') continue;
  const { manifest, tensors } = stateOf(task);
  await store.save({ step: manifest.steps, tensors, state: manifest });
  appendFileSync(journal, `saved ${manifest.steps}\n`);
}
const { manifest, tensors } = await snapshotOf(task);
const hash = createHash('sha256').update(JSON.stringify(manifest));
for (const [tensor, { data: values }] of Object.entries(tensors)) hash.update(tensor).update(values);
process.stdout.write(hash.digest('hex'));
