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
import { ProgressiveGanTask } from '../progressive/training/progressive-gan-task.js';
import { resumeProgressiveGanTask } from '../progressive/training/resume-progressive-gan.js';
import { syntheticSource, tinyNetwork, tinyTraining } from './synthetic.js';

const [directory, journal] = process.argv.slice(2) as [string, string];
await tf.setBackend('wasm');
const store = await openCheckpointStore(directory, { identity: 'crash test', keepLast: 2 });
const saved = await store.load();
appendFileSync(journal, `started ${saved?.step ?? 0} ${saved?.refusals.length ?? 0}\n`);
const data = syntheticSource(tinyNetwork);
const task = saved
  ? await resumeProgressiveGanTask({ manifest: saved.state, tensors: saved.tensors }, { data })
  : new ProgressiveGanTask({ network: tinyNetwork, training: tinyTraining, seed: 1, data });
for await (const event of runTraining(task)) {
  if (event.type !== 'step') continue;
  const { manifest, tensors } = stateOf(task);
  await store.save({ step: manifest.steps, tensors, state: manifest });
  appendFileSync(journal, `saved ${manifest.steps}\n`);
}
const { manifest, tensors } = await snapshotOf(task);
const hash = createHash('sha256').update(JSON.stringify(manifest));
for (const [name, tensor] of Object.entries(tensors)) hash.update(name).update(tensor.data);
process.stdout.write(hash.digest('hex'));
