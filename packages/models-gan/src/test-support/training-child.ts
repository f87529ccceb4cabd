/*
 * A training that is meant to be killed: it resumes from the checkpoint store it is given, saves after every step, and ends with the
 * schedule. Prints a hash of everything it has trained.
 */
import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import '@gansynth/training/wasm';
import { openCheckpointStore, type Json } from '@gansynth/training/node';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { createTrainer, resumeTrainer } from '../trainer/create-trainer.js';
import type { TrainingManifest } from '../trainer/training-state.js';
import { syntheticSource, tinyNetwork, tinyTraining } from './synthetic.js';

const [directory, journal] = process.argv.slice(2) as [string, string];
await tf.setBackend('wasm');
const store = await openCheckpointStore(directory, { identity: 'crash test', keepLast: 2 });
const saved = await store.load();
appendFileSync(journal, `started ${saved?.step ?? 0} ${saved?.refusals.length ?? 0}\n`);
const data = syntheticSource(tinyNetwork);
const trainer = saved
  ? await resumeTrainer({ manifest: saved.state as unknown as TrainingManifest, tensors: saved.tensors }, { data })
  : createTrainer({ network: tinyNetwork, training: tinyTraining, seed: 1, data });
for await (const event of trainer.run()) {
  if (event.type !== 'step') continue;
  const { manifest, tensors } = trainer.state();
  await store.save({ step: manifest.steps, tensors, state: manifest as unknown as Json });
  appendFileSync(journal, `saved ${manifest.steps}\n`);
}
const { manifest, tensors } = await trainer.snapshot();
const hash = createHash('sha256').update(JSON.stringify(manifest));
for (const [name, tensor] of Object.entries(tensors)) hash.update(name).update(tensor.data);
process.stdout.write(hash.digest('hex'));
