// How well does a WaveNet go on with notes whose beginning it is given? A line of JSON for each length of the beginning.
//
//   node docs/wavenet-notes/continue.mjs <model folder> <collection of notes> [notes, default 50] [samples heard, default 0 1000 4000]
//
// Of the half second after the beginning, drawn and real: share within 50 cents of the pitch, mean energy on its harmonics. The first line has the
// nats a sample, teacher-forced, of each thousand samples. Expects a checkout that is built.
import { judgeNote } from '@gansynth/metrics';
import { folderFiles } from '@gansynth/model-files/node';
import { createSampler, loadModel } from '@gansynth/models-wavenet';
import { startThreadedWasm } from '@gansynth/training/wasm';
import { rounded } from '../../packages/model-mini/scripts/note-measures.mjs';
import { knownNotes, mean, nats } from './model-notes.mjs';

const [folder, collection, wanted = '50', ...given] = process.argv.slice(2);
if (collection === undefined) throw new Error('expected a model and a collection of notes');
await startThreadedWasm({ threads: 1 });
const { model, manifest } = await loadModel(folderFiles(folder));
const { conditioning, output } = model.config;
const { sampleRate } = manifest;
const half = sampleRate / 2;

const notes = await knownNotes(collection, conditioning, Number(wanted));
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
const byThousand = Array.from({ length: Math.floor(conditioning.samples / 1000) }, (_, thousand) =>
  rounded(mean(notes.map(({ audio }, at) => nats(output, expected[at], audio, 1000 * thousand, 1000 * thousand + 1000)))),
);
console.log(JSON.stringify({ what: 'nats a sample', notes: notes.length, nats: byThousand }));

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
