// What makes the Fréchet distance of a model's notes? Lines of JSON, all against one half of a collection of real notes:
//
//   node packages/model-mini/scripts/frechet.mjs <model> <collection> <folder of a pitch classifier, as evaluate keeps it>
//
// - `real`: the other half; `images`: that half sent through the model's images; `generated`: as many notes of the model, of the same instruments,
//   pitches and velocities
// - `without`: the distance of the generated ones if an instrument is left out on both sides, the most telling first
import { frechetDistance, hearNotes, loadPitchClassifier } from '@gansynth/metrics';
import { layersModelFolder } from '@gansynth/model-files/node';
import { startThreadedWasm } from '@gansynth/training/wasm';
import { openVoice } from '@gansynth/voice';
import { notesOf, rounded, throughImages } from './note-measures.mjs';

const [where, folder, classifierFolder] = process.argv.slice(2);
if (classifierFolder === undefined)
  throw new Error('expected a model, a collection of real notes, and the folder of a pitch classifier');
await startThreadedWasm();
const voice = await openVoice(where);
const classifier = await loadPitchClassifier(layersModelFolder(classifierFolder));
const named = voice.manifest.details?.recipe?.model?.instruments ?? voice.instruments;

async function* notes(half) {
  let at = 0;
  for await (const note of notesOf(folder, voice.samples)) if (at++ % 2 === half) yield note;
}

async function* mapped(source, change) {
  for await (const note of source) yield { ...note, audio: await change(note) };
}

let seed = 0;
async function generated({ pitch, instrument, velocity }) {
  const latent = voice.latent(++seed, voice.instruments[named.indexOf(instrument)]);
  const [audio] = await voice.notes([pitch], { latent, ...(voice.velocities.length > 0 ? { velocity } : {}) });
  return audio;
}

/** Their features, and whose they are. */
async function heard(source) {
  const instruments = [];
  async function* remembered() {
    for await (const note of source) {
      instruments.push(note.instrument);
      yield note;
    }
  }
  const { features } = await hearNotes(remembered(), { classifier });
  return { features, instruments };
}

function distance(reference, other, without) {
  const rowsOf = ({ features: { data, shape }, instruments }) => {
    const [, dimensions] = shape;
    const kept = instruments.flatMap((name, row) =>
      name === without ? [] : [...data.subarray(row * dimensions, (row + 1) * dimensions)],
    );
    return { data: Float32Array.from(kept), shape: [kept.length / dimensions, dimensions] };
  };
  const measure = frechetDistance({ dimensions: reference.features.shape[1] });
  measure.update({ reference: rowsOf(reference), generated: rowsOf(other) });
  return rounded(measure.compute().distance, 1);
}

const reference = await heard(notes(0));
const sets = {
  real: notes(1),
  images: mapped(notes(1), (note) => throughImages(voice.representation, note)),
  generated: mapped(notes(1), generated),
};
for (const [what, source] of Object.entries(sets)) {
  const set = await heard(source);
  console.log(JSON.stringify({ what, notes: set.instruments.length, distance: distance(reference, set) }));
  if (what !== 'generated') continue;
  const without = named.map((name) => [name, distance(reference, set, name)]).sort((a, b) => a[1] - b[1]);
  console.log(JSON.stringify({ without: Object.fromEntries(without) }));
}
voice.dispose();
