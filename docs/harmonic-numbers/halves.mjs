// What partials half way between harmonics keep of real notes: the figures of "Half-way partials" in README.md.
//
//   node docs/harmonic-numbers/halves.mjs <collection> [every, default 4]
//
// A line of JSON for all notes that are looked at (each `every`-th), then one for each instrument. Of the notes as they are, and there and back through images without and with
// such partials: energy on harmonics (mean), level (as in loss.mjs, median), spectral distance in three transforms (means). Expects a checkout that is built.
import { judgeNote } from '@gansynth/metrics';
import { representation } from '@gansynth/spectral';
import { startThreadedWasm } from '@gansynth/training/wasm';
import {
  fftSizes,
  median,
  notesOf,
  rms,
  rounded,
  spectralDistance,
  spectrum,
  throughImages,
  timbre,
} from '../../packages/model-mini/scripts/note-measures.mjs';

const [collection, every = '4'] = process.argv.slice(2);
if (collection === undefined) throw new Error('expected a collection of notes');
await startThreadedWasm({ threads: 1 });
const sampleRate = 16_000;
const codecs = {
  without: representation({ kind: 'harmonic', frames: 96, bins: 64 }),
  two: representation({ kind: 'harmonic', frames: 96, bins: 66, halfHarmonics: 2 }),
  three: representation({ kind: 'harmonic', frames: 96, bins: 67, halfHarmonics: 3 }),
};
const energy = (audio, pitch) => judgeNote({ audio, pitch }, { sampleRate }).harmonicEnergy;
const mean = (values) => rounded(values.reduce((sum, value) => sum + value, 0) / values.length, 3);

const notes = [];
for await (const { audio, pitch, instrument } of notesOf(collection, 64_000, Number(every))) {
  const note = { instrument, energy: energy(audio, pitch) };
  for (const [name, codec] of Object.entries(codecs)) {
    const back = throughImages(codec, { audio, pitch });
    note[name] = {
      energy: energy(back, pitch),
      level: rms(timbre(back, pitch), timbre(audio, pitch)),
      spectral: fftSizes.map((size) => spectralDistance(spectrum(audio, size), spectrum(back, size))),
    };
  }
  notes.push(note);
}
if (notes.length === 0) throw new Error(`expected notes in ${collection}, found none`);

function report(what, some) {
  const line = { what, notes: some.length, energy: mean(some.map((note) => note.energy)) };
  for (const name of Object.keys(codecs)) {
    line[name] = {
      energy: mean(some.map((note) => note[name].energy)),
      level: rounded(median(some.map((note) => note[name].level))),
      spectral: fftSizes.map((_, i) => mean(some.map((note) => note[name].spectral[i]))),
    };
  }
  console.log(JSON.stringify(line));
}
report('all', notes);
for (const name of new Set(notes.map(({ instrument }) => instrument)))
  report(
    name,
    notes.filter(({ instrument }) => instrument === name),
  );
