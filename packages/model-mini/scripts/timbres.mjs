// How many instruments can be recognised among generated notes?
//
//   gansynth generate --model mini --instruments all --count 10 --pitches 50,55,60,65,70 --out generated
//   node packages/model-mini/scripts/timbres.mjs <collection> generated
//
// A note is described by the levels of its first 12 harmonics at four times (0-80, 200-350, 600-900, 1200-1500 ms), in dB below its
// strongest, nothing under -50 dB told apart. The nearest real note within two semitones names its instrument. The name counts if that
// note is nearer than nine of ten real notes come to any other instrument. An instrument is recognised if it is named for at least three
// timbres, each at most of its pitches. Where notes were asked to be of an instrument (--instruments), each instrument's share of notes whose
// nearest real note is its own is printed too. Expects a collection with names of instruments, and a checkout.
import { openDataset, readSound } from '@gansynth/nsynth-data';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, quantile, rms as distance, timbre } from './note-measures.mjs';

const [collection, generated] = process.argv.slice(2);
if (generated === undefined) throw new Error('expected two folders: a collection of real notes, and generated notes');
const dataset = await openDataset(collection);
const real = [];
for await (const { audio, notes } of dataset.batches({ batchSize: 1, samples: 32_000, seed: 0, epochs: 1 })) {
  const [note] = notes;
  real.push({ pitch: note.pitch, instrument: note.instrument, described: timbre(audio.data, note.pitch) });
}

function nearest(note, allowed) {
  let best = { distance: Number.POSITIVE_INFINITY, instrument: 'none' };
  for (const other of real) {
    if (Math.abs(other.pitch - note.pitch) > 2 || !allowed(other)) continue;
    const to = distance(note.described, other.described);
    if (to < best.distance) best = { distance: to, instrument: other.instrument };
  }
  return best;
}

const own = real.map((note) => nearest(note, (other) => other.instrument === note.instrument && other.pitch !== note.pitch));
const others = real.map((note) => nearest(note, (other) => other.instrument !== note.instrument));
const named = real.map((note) => nearest(note, (other) => other.pitch !== note.pitch));
const near = quantile(
  own.map((found) => found.distance),
  0.9,
);
const apart = quantile(
  others.map((found) => found.distance),
  0.1,
);
const right = named.filter((found, i) => found.instrument === real[i].instrument).length / real.length;
console.log(
  `${real.length} real notes, dB: own instrument at another pitch ${median(own.map((f) => f.distance)).toFixed(1)} (90 %: ${near.toFixed(1)}), ` +
    `other instruments ${median(others.map((f) => f.distance)).toFixed(1)} (10 %: ${apart.toFixed(1)}); named rightly by another pitch: ${(100 * right).toFixed(1)} %`,
);

/** Names of the model beside those of the collection it was trained on. */
const { network, details } = JSON.parse(readFileSync(new URL('../model/gansynth.json', import.meta.url), 'utf8'));
const collectionName = new Map(network.instruments?.map((name, i) => [name, details.recipe.model.instruments[i]]));
const asked = JSON.parse(readFileSync(join(generated, 'latents.json'), 'utf8')).instruments?.map(
  (name) => collectionName.get(name) ?? name,
);

const timbres = new Map();
const distances = [];
const byAsked = new Map();
for (const file of readdirSync(generated).filter((name) => name.endsWith('.wav'))) {
  const [, latent, pitch] = /^timbre-(\d+)-(\d+)/.exec(file);
  const note = {
    pitch: Number(pitch),
    described: timbre((await readSound(join(generated, file))).samples, Number(pitch)),
  };
  const found = nearest(note, () => true);
  distances.push(found.distance);
  const instrument = asked?.[Number(latent)];
  if (instrument !== undefined) {
    if (!byAsked.has(instrument)) byAsked.set(instrument, []);
    byAsked.get(instrument).push({ ...found, own: nearest(note, (other) => other.instrument === instrument).distance });
  }
  if (!timbres.has(latent)) timbres.set(latent, []);
  timbres.get(latent).push({ ...found, sure: found.distance < apart, near: found.distance <= near });
}
const counts = new Map();
let sure = 0;
let close = 0;
for (const notes of timbres.values()) {
  sure += notes.filter((note) => note.sure).length;
  close += notes.filter((note) => note.near).length;
  for (const instrument of new Set(notes.map((note) => note.instrument))) {
    const times = notes.filter((note) => note.sure && note.instrument === instrument).length;
    if (times > notes.length / 2) counts.set(instrument, (counts.get(instrument) ?? 0) + 1);
  }
}
const recognised = [...counts].filter(([, times]) => times >= 3).sort((a, b) => b[1] - a[1]);
const percent = (some) => `${((100 * some) / distances.length).toFixed(1)} %`;
console.log(
  `${distances.length} generated notes of ${timbres.size} timbres, dB: nearest real note ${median(distances).toFixed(1)}; ` +
    `nearer than instruments are to each other: ${percent(sure)}, as near as notes of one instrument: ${percent(close)}`,
);
console.log(`instruments recognised: ${recognised.length}; timbres of each: ${JSON.stringify(Object.fromEntries(recognised))}`);
for (const [instrument, notes] of byAsked) {
  const own = notes.filter((note) => note.instrument === instrument).length;
  const wrong = notes.filter((note) => note.instrument !== instrument).map((note) => note.instrument);
  const most = [...new Set(wrong)].sort((a, b) => wrong.filter((x) => x === b).length - wrong.filter((x) => x === a).length)[0];
  console.log(
    `${instrument}: ${((100 * own) / notes.length).toFixed(0)} % of ${notes.length} notes nearest to it; ` +
      `${median(notes.map((note) => note.own)).toFixed(1)} dB from its own${most === undefined ? '' : `; else mostly ${most}`}`,
  );
}
