// Does a WaveNet know its pitch? Nats a sample of real notes, teacher-forced, told their own pitch and others.
//
//   node docs/wavenet-notes/labels.mjs <model folder> <collection of notes> [notes, default 48]
//
// A line of JSON for each number of semitones that what it is told is off by; of the pitches that it knows, the last is followed by the first. Expects a
// checkout that is built.
import { folderFiles } from '@gansynth/model-files/node';
import { createSampler, loadModel } from '@gansynth/models-wavenet';
import { startThreadedWasm } from '@gansynth/training/wasm';
import { rounded } from '../../packages/model-mini/scripts/note-measures.mjs';
import { knownNotes, mean, nats } from './model-notes.mjs';

const [folder, collection, wanted = '48'] = process.argv.slice(2);
if (collection === undefined) throw new Error('expected a model and a collection of notes');
await startThreadedWasm({ threads: 1 });
const { model } = await loadModel(folderFiles(folder));
const { conditioning, output } = model.config;
const notes = await knownNotes(collection, conditioning, Number(wanted));
const edges = [0, 500, 1000, 2000, 3000];
const sounds = notes.map(({ audio }) => audio.slice(0, edges.at(-1)));
const sampler = await createSampler(model, { batch: notes.length });
for (const off of [0, 1, 7, 12]) {
  const labelOf = ({ pitch }) => (conditioning.pitches.indexOf(pitch) + off) % conditioning.pitches.length;
  await sampler.begin(notes.map((note, seed) => ({ seed, label: labelOf(note) })));
  const expected = await sampler.force(sounds);
  const between = edges
    .slice(1)
    .map((to, i) => rounded(mean(sounds.map((sound, at) => nats(output, expected[at], sound, edges[i], to))), 3));
  console.log(JSON.stringify({ off, samples: edges, nats: between }));
}
sampler.dispose();
model.dispose();
