// How near are a model's notes to real ones? A line of JSON for each collection of real notes, and one for what passes through images.
//
//   node packages/model-mini/scripts/measure.mjs <model> <collection> [collection ...] [--latents 4] [--pitches 36,44,52,60,68,76,84] [--learned <collection>]
//
// Each instrument of the model plays each pitch with each of so many latents, struck as hard as the collection's notes are. Of each note:
//
// - nearest: rms difference of the levels of its harmonics (12, at four times; note-measures.mjs) from the nearest real note within two semitones,
//   and whose instrument that is; own: from the nearest of its own instrument
// - variety: median difference of two latents of one instrument and pitch, at any velocities and at one; real: of two real notes of one instrument
//   and pitch; by instrument also means, for of latents half the pairs are of one SoundFont, of two SoundFonts' notes a third
// - of the own nearest real note of its pitch: rise (10 to 90 %, struck and plucked instruments), level after 2.5 s, spectra
//
// `images` is the same of the collection's own notes, sent through the model's images: what no training can better; `loss` is how far they are
// then from themselves. Of every collection but the first, `real` is the same of the first one's notes: how near two collections are to each other.
// `learned` is the same of notes that were learned from, sent through images: what a network is that knows them by heart.
import { startThreadedWasm } from '@gansynth/training/wasm';
import { openVoice } from '@gansynth/voice';
import { parseArgs } from 'node:util';
import {
  fftSizes,
  isStruck,
  levelAt,
  median,
  notesOf,
  peakAndStep,
  quantile,
  rise,
  rms,
  rounded,
  spectralDistance,
  spectrum,
  throughImages,
  timbre,
} from './note-measures.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    latents: { type: 'string', default: '4' },
    pitches: { type: 'string', default: '36,44,52,60,68,76,84' },
    threads: { type: 'string', default: '2' },
    learned: { type: 'string' },
  },
});
const [where, ...collections] = positionals;
if (collections.length === 0) throw new Error('expected a model, and one or more collections of real notes');
const pitches = values.pitches.split(',').map(Number);
await startThreadedWasm({ threads: Number(values.threads) });
const voice = await openVoice(where);
if (voice.sampleRate !== 16_000 || voice.samples < 48_000) {
  throw new Error(
    `expected a model of notes of three or more seconds at 16,000 Hz, found ${voice.samples} samples at ${voice.sampleRate}`,
  );
}
// A published model calls its instruments by other names than its recipe, in the same order.
const named = voice.manifest.details?.recipe?.model?.instruments ?? voice.instruments;

const share = (list) => list.filter(Boolean).length / Math.max(1, list.length);
const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
const decay = (audio) => levelAt(audio, 2.5, 2.9);
/** How far notes that went through images are from what they were. */
const lost = (some) => some.map((note) => rms(note.timbre, note.source.timbre));

async function realNotes(folder) {
  const notes = [];
  for await (const note of notesOf(folder, voice.samples)) {
    if (!named.includes(note.instrument) || pitches.every((one) => Math.abs(one - note.pitch) > 2)) continue;
    notes.push({ ...note, timbre: timbre(note.audio, note.pitch) });
  }
  return notes;
}

/** Of the real notes that `allowed` lets through, the one whose harmonics are most alike. */
function nearest(note, real, allowed) {
  let best = { distance: Number.POSITIVE_INFINITY };
  for (const other of real) {
    if (Math.abs(other.pitch - note.pitch) > 2 || other === note.source || !allowed(other)) continue;
    const distance = rms(note.timbre, other.timbre);
    if (distance < best.distance) best = { distance, note: other };
  }
  return best;
}

function compare(notes, real) {
  const spectra = new Map();
  const spectraOf = (note) => {
    if (!spectra.has(note))
      spectra.set(
        note,
        fftSizes.map((size) => spectrum(note.audio, size)),
      );
    return spectra.get(note);
  };
  const [distances, own, rises, decays] = [[], [], [], []];
  const spectral = fftSizes.map(() => []);
  const recognised = new Map(named.map((name) => [name, []]));
  let [steps, peak] = [0, 0];
  for (const note of notes) {
    const any = nearest(note, real, () => true);
    const its = nearest(note, real, (other) => other.instrument === note.instrument);
    const same = nearest(note, real, (other) => other.instrument === note.instrument && other.pitch === note.pitch).note;
    distances.push(any.distance);
    own.push(its.distance);
    recognised.get(note.instrument).push(any.note.instrument === note.instrument);
    const level = peakAndStep(note.audio);
    if (level.step) steps++;
    peak = Math.max(peak, level.peak);
    // What passes through images is compared with what it was.
    const other = note.source ?? same;
    if (other === undefined) continue;
    if (isStruck(note.instrument)) rises.push(rise(note.audio) - rise(other.audio));
    decays.push(decay(note.audio) - decay(other.audio));
    const [mine, theirs] = [spectraOf(note), spectraOf(other)];
    for (const i of fftSizes.keys()) spectral[i].push(spectralDistance(theirs[i], mine[i]));
    spectra.delete(note);
  }
  const shares = [...recognised].filter(([, list]) => list.length > 0).map(([name, list]) => [name, rounded(share(list))]);
  const off = rises.map(Math.abs);
  return {
    notes: notes.length,
    nearest: [0.5, 0.9].map((q) => rounded(quantile(distances, q))),
    own: [0.5, 0.9].map((q) => rounded(quantile(own, q))),
    recognised: rounded(share([...recognised.values()].flat()), 3),
    each: Object.fromEntries(shares.sort((a, b) => a[1] - b[1])),
    rise: { notes: rises.length, off: median(off), 'off, 90 %': quantile(off, 0.9), difference: median(rises) },
    decay: { difference: rounded(median(decays)), off: rounded(median(decays.map(Math.abs))) },
    spectral: spectral.map((some) => rounded(median(some))),
    steps,
    peak: rounded(peak),
  };
}

/** Differences of two notes of one group: the median of all, and medians and means of each instrument's. */
function pairsWithin(notes, groupOf) {
  const groups = new Map();
  for (const note of notes) {
    const key = groupOf(note);
    groups.set(key, [...(groups.get(key) ?? []), note]);
  }
  const perInstrument = new Map(named.map((name) => [name, []]));
  for (const group of groups.values()) {
    for (const [i, a] of group.entries()) {
      for (const b of group.slice(i + 1)) perInstrument.get(a.instrument).push(rms(a.timbre, b.timbre));
    }
  }
  const each = (middle) =>
    new Map([...perInstrument].map(([name, list]) => [name, list.length === 0 ? Number.NaN : middle(list)]));
  const all = [...perInstrument.values()].flat();
  return { all: all.length === 0 ? null : rounded(median(all)), medians: each(median), means: each(mean) };
}

async function generated(velocities) {
  const notes = [];
  for (const [index, instrument] of named.entries()) {
    const latents = voice.draw(Number(values.latents), index + 1).map((latent) => voice.latent(latent, voice.instruments[index]));
    const plan = latents.flatMap((latent) => pitches.map((pitch) => ({ latent, pitch })));
    const each = plan.map((_, at) => velocities[at % velocities.length]);
    const struck = voice.velocities.length > 0 ? { velocity: each } : {};
    const audio = await voice.notes(
      plan.map(({ pitch }) => pitch),
      { latent: plan.map(({ latent }) => latent), ...struck },
    );
    for (const [at, { pitch }] of plan.entries()) {
      notes.push({ pitch, instrument, velocity: each[at], audio: audio[at], timbre: timbre(audio[at], pitch) });
    }
  }
  return notes;
}

/** As many real notes as are generated of each instrument, as images let them through. */
function sentThroughImages(real) {
  const each = Number(values.latents) * pitches.length;
  const some = named.flatMap((instrument) => {
    const its = real.filter((note) => note.instrument === instrument && pitches.includes(note.pitch));
    return its.filter((_, at) => at % Math.ceil(its.length / each) === 0);
  });
  return some.map((source) => {
    const { pitch, instrument } = source;
    const audio = throughImages(voice.representation, source);
    return { pitch, instrument, source, audio, timbre: timbre(audio, pitch) };
  });
}

let first;
for (const folder of collections) {
  const real = await realNotes(folder);
  first ??= real;
  const velocities = [...new Set(real.map(({ velocity }) => velocity))].sort((a, b) => a - b);
  const notes = await generated(velocities);
  const struck = voice.velocities.length > 0;
  const latentPairs = pairsWithin(notes, ({ instrument, pitch, velocity }) => `${instrument} ${pitch} ${struck ? velocity : ''}`);
  // Struck differently and of other latents, as the real notes are of other velocities and SoundFonts.
  const anyPairs = pairsWithin(notes, ({ instrument, pitch }) => `${instrument} ${pitch}`);
  const realPairs = pairsWithin(real, ({ instrument, pitch }) => `${instrument} ${pitch}`);
  const ratios = (middle) => {
    const each = named.map((name) => [name, rounded(anyPairs[middle].get(name) / Math.max(0.1, realPairs[middle].get(name)))]);
    return Object.fromEntries(each.filter(([, ratio]) => Number.isFinite(ratio)).sort((a, b) => a[1] - b[1]));
  };
  const variety = { latents: anyPairs.all, 'of one velocity': latentPairs.all, real: realPairs.all };
  const { each, ...scores } = compare(notes, real);
  console.log(JSON.stringify({ what: 'generated', collection: folder, real: real.length, velocities, ...scores, variety }));
  console.log(JSON.stringify({ recognised: each }));
  console.log(JSON.stringify({ 'variety, share of real': ratios('medians') }));
  console.log(JSON.stringify({ 'variety, share of real, means': ratios('means') }));
  if (first !== real) {
    const { each: _, ...reals } = compare(first, real);
    console.log(JSON.stringify({ what: 'real', collection: folder, ...reals }));
  }
  const through = sentThroughImages(real);
  const { each: ofImages, ...images } = compare(through, real);
  const loss = [0.5, 0.9].map((q) => rounded(quantile(lost(through), q)));
  console.log(JSON.stringify({ what: 'images', collection: folder, ...images, loss }));
  console.log(JSON.stringify({ 'recognised, images': ofImages }));
  if (values.learned !== undefined) {
    const { each: ofLearned, ...learned } = compare(sentThroughImages(await realNotes(values.learned)), real);
    console.log(JSON.stringify({ what: 'learned', collection: folder, ...learned }));
    console.log(JSON.stringify({ 'recognised, learned': ofLearned }));
  }
  const losses = named
    .map((name) => [name, through.filter(({ instrument }) => instrument === name)])
    .filter(([, some]) => some.length > 0);
  const medians = losses.map(([name, some]) => [name, rounded(median(lost(some)))]);
  console.log(JSON.stringify({ 'images, loss': Object.fromEntries(medians.sort((a, b) => a[1] - b[1])) }));
}
voice.dispose();
