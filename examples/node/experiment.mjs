// An experiment of one's own, composed from the packages: a folder of sounds, other images of them than the paper's, a term of one's own in the
// loss, TensorBoard, stopped and resumed.
//
//   node examples/node/experiment.mjs <folder of sounds> <run> <images>
//
// Ctrl-C stops it, saved; the same command goes on bit for bit, with more images further. Then: tensorboard --logdir <run>
import { GeneratorModel, networkConfig, ProgressiveGanTask, resumeProgressiveGanTask, saveModel } from '@gansynth/models-gan';
import { folderSink } from '@gansynth/model-files/node';
import { importFolder, openDataset } from '@gansynth/nsynth-data';
import { measureNormaliser, representation } from '@gansynth/spectral';
import { runTraining, stateOf } from '@gansynth/training';
import { openCheckpointStore, tensorboardWriter } from '@gansynth/training/node';
import { encodeWav, openVoice } from '@gansynth/voice';
import * as tf from '@tensorflow/tfjs-core';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBackend } from './start-backend.mjs';

const [sounds = 'packages/cli/demo-notes/audio', run = 'runs/experiment', images = '4000'] = process.argv.slice(2);
console.log(`on ${await startBackend()}`);

// The sounds as notes: pitches from names, root keys and what is heard. See <run>/notes/import-report.json.
const sampleRate = 16_000;
const notes = join(run, 'notes');
if (!existsSync(join(notes, 'examples.json'))) {
  const { imported, refused } = await importFolder(sounds, { to: notes, sampleRate, seconds: 1 });
  console.log(`${sounds}: ${imported} notes, ${refused} refused`);
}
const dataset = await openDataset(notes);
const { pitches } = dataset.pitchDistribution();

// Their images: 16 frames of 24 harmonics and 8 bands of noise. The first four frames, those of the onset, lie 4 ms apart.
const codec = representation({
  kind: 'harmonic',
  frames: 16,
  bins: 32,
  noiseBands: 8,
  onsetFrames: 4,
  onsetHop: 64,
  samples: sampleRate,
  sampleRate,
});
const batchesOf = (options) => dataset.batches({ samples: codec.samples, pitches, seed: 1, ...options });
const encode = ({ audio, pitches: played }) => tf.tidy(() => codec.encode(tf.tensor2d(audio.data, audio.shape), played));
async function* everyImage() {
  for await (const batch of batchesOf({ batchSize: 1, epochs: 1 })) {
    const image = encode(batch);
    yield image;
    image.dispose();
  }
}

/** Where the training gets its images from; its place is saved with the training. */
let cursor;
let batches;
const data = {
  async next(batchSize) {
    batches ??= batchesOf({ batchSize, ...(cursor && { cursor }) });
    const { value: batch } = await batches.next();
    cursor = batch.cursor;
    return { images: encode(batch), labels: batch.labels };
  },
  state: () => cursor ?? null,
  restore: (saved) => {
    void batches?.return();
    batches = undefined;
    cursor = saved ?? undefined;
  },
};

// A term of one's own: on average, generated notes shall fade as real ones do. Channel 0 is the level.
const fading = (some) => tf.mean(tf.slice(some, [0, 0, 0, 0], [-1, -1, -1, 1]), [0, 2, 3]);
const ownTerms = {
  generator: { fading: { weight: 0.5, of: ({ images: made, real }) => tf.losses.meanSquaredError(fading(real), fading(made)) } },
};

const training = { schedule: { progressive: false, totalImages: Number(images), batchSizes: [8] }, averageDecay: 0.99 };
const store = await openCheckpointStore(join(run, 'checkpoints'), { identity: 'fading, weight 0.5' });
const saved = await store.load();
const newTask = async () => {
  const { kind: _kind, ...normaliser } = (await measureNormaliser(everyImage())).toJSON();
  const network = networkConfig({ pitches, start: [4, 8], blocks: 3, filters: [32, 32, 32, 24], latentSize: 16, normaliser });
  return new ProgressiveGanTask({ network, training, seed: 1, data, ownTerms });
};
const task = saved
  ? await resumeProgressiveGanTask({ manifest: saved.state, tensors: saved.tensors }, { data, training, ownTerms })
  : await newTask();
tf.dispose({ ...saved?.tensors });
if (saved) console.log(`going on at ${task.progress.done} images`);

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
const board = tensorboardWriter(run, saved ? { resumeFrom: saved.step } : {});
const save = async () => {
  const { manifest, tensors } = stateOf(task);
  await store.save({ step: manifest.done, tensors, state: manifest });
};
for await (const event of runTraining(task, { signal: stop.signal })) {
  if (event.type !== 'step') continue;
  board.write({ type: 'scalars', step: event.done, values: event.losses });
  if (event.step % 50 > 0) continue;
  const { generator, critic, generatorFading } = event.losses;
  console.log(`${event.done} images: G ${generator.toFixed(2)}, D ${critic.toFixed(2)}, fading ${generatorFading.toFixed(3)}`);
  await save();
}
await save();
board.close();

// A model that anything here can load, and three of its notes.
const model = new GeneratorModel({ config: task.network, growth: task.growth, weights: task.generatorWeights() });
await saveModel(model, folderSink(join(run, 'model')), { name: 'experiment', representation: codec.toJSON(), sampleRate });
const voice = await openVoice(join(run, 'model'));
mkdirSync(join(run, 'heard'), { recursive: true });
for (const pitch of [pitches[0], pitches[pitches.length >> 1], pitches.at(-1)]) {
  const [note] = await voice.notes(pitch, { seed: 7 });
  writeFileSync(join(run, 'heard', `note-${String(pitch).padStart(3, '0')}.wav`), encodeWav(note, voice.sampleRate));
}
await batches?.return();
await dataset.close();
console.log(`${task.progress.done} images seen; notes are in ${join(run, 'heard')}`);
