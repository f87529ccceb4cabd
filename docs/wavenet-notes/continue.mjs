// How well does a WaveNet go on with notes whose beginning it is given? A line of JSON for each length of the beginning.
//
//   node docs/wavenet-notes/continue.mjs <model folder> <collection of notes> [notes, default 50] [samples heard, default 0 1000 4000]
//
// Of the half second after the beginning, drawn and real: share within 50 cents of the pitch, mean energy on its harmonics. The first line has the
// nats a sample, teacher-forced, of each thousand samples. Expects a checkout that is built.
import { judgeNote } from '@gansynth/metrics';
import { folderFiles } from '@gansynth/model-files/node';
import { createSampler, loadModel, meanLoss, scaledSamples } from '@gansynth/models-wavenet';
import { startThreadedWasm } from '@gansynth/training/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { notesOf, rounded } from '../../packages/model-mini/scripts/note-measures.mjs';

const [folder, collection, wanted = '50', ...given] = process.argv.slice(2);
if (collection === undefined) throw new Error('expected a model and a collection of notes');
await startThreadedWasm({ threads: 1 });
const { model, manifest } = await loadModel(folderFiles(folder));
const { conditioning, output } = model.config;
const { sampleRate } = manifest;
const half = sampleRate / 2;

const notes = [];
for await (const note of notesOf(collection, conditioning.samples)) {
  if (conditioning.pitches.includes(note.pitch)) notes.push(note);
  if (notes.length === Number(wanted)) break;
}
if (notes.length === 0) throw new Error(`expected notes of the model's pitches in ${collection}, found none`);

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const judged = (sounds) => {
  const each = sounds.map((audio, at) => judgeNote({ audio, pitch: notes[at].pitch }, { sampleRate }));
  return {
    'in tune': rounded(mean(each.map(({ cents }) => (cents !== null && Math.abs(cents) <= 50 ? 1 : 0)))),
    'energy on harmonics': rounded(mean(each.map(({ harmonicEnergy }) => harmonicEnergy)), 3),
  };
};

const sampler = await createSampler(model, { batch: notes.length });
const begin = () => sampler.begin(notes.map(({ pitch }, seed) => ({ seed, label: conditioning.pitches.indexOf(pitch) })));

await begin();
const expected = await sampler.force(notes.map(({ audio }) => audio));
const nats = Array.from({ length: Math.floor(conditioning.samples / 1000) }, (_, thousand) => {
  const [from, to] = [1000 * thousand, 1000 * thousand + 1000];
  const each = notes.map(({ audio }, at) =>
    tf.tidy(() => {
      const channels = expected[at].length / audio.length;
      const outputs = tf.tensor3d(expected[at].slice(from * channels, to * channels), [1, 1000, channels]);
      return meanLoss(output, outputs, tf.tensor2d(scaledSamples(output, audio.slice(from, to)), [1, 1000])).dataSync()[0];
    }),
  );
  return rounded(mean(each));
});
console.log(JSON.stringify({ what: 'nats a sample', notes: notes.length, nats }));

for (const heard of (given.length > 0 ? given : ['0', '1000', '4000']).map(Number)) {
  await begin();
  if (heard > 0) await sampler.force(notes.map(({ audio }) => audio.slice(0, heard)));
  const drawn = await sampler.next(half);
  console.log(
    JSON.stringify({ heard, drawn: judged(drawn), real: judged(notes.map(({ audio }) => audio.slice(heard, heard + half))) }),
  );
}
sampler.dispose();
model.dispose();
