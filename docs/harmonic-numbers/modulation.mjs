// What depths and rates of vibrato and beating keep of real notes: the figures of "Modulation" in README.md.
//
//   node docs/harmonic-numbers/modulation.mjs <collection> [every, default 4] [model ...]
//
// A line of JSON for all notes that are looked at (each `every`-th), then one for each instrument. Of the notes as they are, and there and back through images without and with
// `modulation`, medians: wavering, of the first six harmonics together, between 0.4 and 2.6 s, of what a moving mean of a third of a second leaves: of their frequency in cents,
// of their level in dB, rms; level (as in loss.mjs); spectral distance in three transforms. With models, wavering also of the notes each makes: two latents of
// each instrument at five pitches. Expects a checkout that is built.
import { representation } from '@gansynth/spectral';
import { startThreadedWasm } from '@gansynth/training/wasm';
import { openVoice } from '@gansynth/voice';
import * as tf from '@tensorflow/tfjs-core';
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

const [collection, every = '4', ...models] = process.argv.slice(2);
if (collection === undefined) throw new Error('expected a collection of notes');
await startThreadedWasm({ threads: 1 });
const size = { kind: 'harmonic', frames: 96, bins: 66, halfHarmonics: 2 };
const codecs = { course: representation(size), modulation: representation({ ...size, modulation: true }) };

/** Finer than what is looked at, and without modulation. */
const looking = representation({ kind: 'harmonic', frames: 160 });
const [frames, bins] = looking.shape;
const frameSeconds = (looking.samples - looking.onsetFrames * looking.onsetHop) / (frames - looking.onsetFrames) / 16_000;

/** Root mean square of what a moving mean of eleven frames leaves, between 0.4 and 2.6 s. */
function fast(course) {
  const [from, to] = [0.4, 2.6].map((seconds) => Math.round(seconds / frameSeconds));
  let sum = 0;
  for (let t = from; t < to; t++) {
    const near = course.slice(Math.max(0, t - 5), t + 6);
    sum += (course[t] - near.reduce((total, value) => total + value, 0) / near.length) ** 2;
  }
  return Math.sqrt(sum / (to - from));
}

function wavering(audio, pitch) {
  const image = tf.tidy(() =>
    looking
      .encode(tf.tensor2d(audio, [1, audio.length]), [pitch])
      .dataSync()
      .slice(),
  );
  const [cents, levels] = [[], []];
  for (let t = looking.onsetFrames; t < frames; t++) {
    let [power, off] = [0, 0];
    for (let h = 0; h < 6; h++) {
      const its = Math.exp(image[2 * (t * bins + h)]);
      power += its;
      off += its * image[2 * (t * bins + h) + 1];
    }
    cents.push(power > 1e-7 ? 1200 * Math.log2(1 + off / power / 100) : 0);
    levels.push(10 * Math.log10(power + 1e-9));
  }
  return { cents: fast(cents), dB: fast(levels) };
}

const notes = [];
for await (const { audio, pitch, instrument } of notesOf(collection, 64_000, Number(every))) {
  const note = { instrument, real: wavering(audio, pitch) };
  for (const [name, codec] of Object.entries(codecs)) {
    const back = throughImages(codec, { audio, pitch });
    note[name] = {
      ...wavering(back, pitch),
      level: rms(timbre(back, pitch), timbre(audio, pitch)),
      spectral: fftSizes.map((fftSize) => spectralDistance(spectrum(audio, fftSize), spectrum(back, fftSize))),
    };
  }
  notes.push(note);
}
if (notes.length === 0) throw new Error(`expected notes in ${collection}, found none`);

const pitches = [44, 52, 60, 68, 76];

/** Two latents of each instrument at five pitches. */
async function generatedBy(model) {
  const made = [];
  const voice = await openVoice(model);
  const named = voice.manifest.details?.recipe?.model?.instruments ?? voice.instruments;
  for (const [index, instrument] of named.entries()) {
    for (const drawn of voice.draw(2, index + 1)) {
      const latent = voice.latent(drawn, voice.instruments[index]);
      const audio = await voice.notes(pitches, { latent: pitches.map(() => latent) });
      for (const [at, pitch] of pitches.entries()) made.push({ instrument, generated: wavering(audio[at], pitch) });
    }
  }
  voice.dispose();
  return made;
}
const made = [];
for (const model of models) made.push(await generatedBy(model));

const middle = (list, value) => rounded(median(list.map(value)));

const waver = (list, name) => ({ cents: middle(list, (note) => note[name].cents), dB: middle(list, (note) => note[name].dB) });

function report(what, is) {
  const some = notes.filter(is);
  const line = { what, notes: some.length, real: waver(some, 'real') };
  for (const name of Object.keys(codecs)) {
    line[name] = {
      ...waver(some, name),
      level: middle(some, (note) => note[name].level),
      spectral: fftSizes.map((_, i) => middle(some, (note) => note[name].spectral[i])),
    };
  }
  line.generated = made.map((all) => all.filter(is)).map((of) => ({ notes: of.length, ...waver(of, 'generated') }));
  console.log(JSON.stringify(line));
}
report('all', () => true);
for (const name of [...new Set(notes.map(({ instrument }) => instrument))].sort())
  report(name, ({ instrument }) => instrument === name);
