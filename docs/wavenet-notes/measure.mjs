// How small WaveNets sing, and how they fail: the tables of README.md.
//
//   node docs/wavenet-notes/measure.mjs <model folder> <collection of its notes, none of which it learned> [notes, default 200]
//
// Prints a line of JSON for as many real notes and for the model's, of the same pitches:
//
// - in tune: the pitch nearest the requested one is within 50 cents of it, octave: the freely tracked pitch is octaves away (to 50 cents)
// - drift: pitches of a quarter second from 50 ms on and of the last one of the held note are more than 50 cents apart
// - noise: less than half of the energy is on harmonics of its pitch
// - silent: the last quarter second of the held note is 40 dB or more below its loudest tenth of a second
// - rings on: the last 50 ms of all are less than 6 dB below the end of the held note
// - diversity: median difference of two notes of one pitch, rms over the levels of 12 harmonics, of those that are in tune
//
// and one line of what weights of less precision lose on these real notes, teacher-forced, in nats a sample (mean, standard error).
// Expects a checkout that is built.
import { judgeNote, trackPitch } from '@gansynth/metrics';
import { folderFiles } from '@gansynth/model-files/node';
import { createSampler, loadModel, precisions } from '@gansynth/models-wavenet';
import { startThreadedWasm } from '@gansynth/training/wasm';
import { openVoice } from '@gansynth/voice';
import { median, rms, rounded, timbre } from '../../packages/model-mini/scripts/note-measures.mjs';
import { knownNotes, mean, nats } from './model-notes.mjs';

const [folder, collection, wanted = '200'] = process.argv.slice(2);
if (collection === undefined) throw new Error('expected a model and a collection of notes');
await startThreadedWasm({ threads: 1 });
const files = folderFiles(folder);
const voice = await openVoice(files);
const { sampleRate } = voice;
const { heldSamples } = voice.manifest.network.conditioning;
const quarter = sampleRate / 4;

const share = (list) => rounded(list.filter(Boolean).length / list.length, 3);
const level = (audio, from, to) => {
  let sum = 0;
  for (let n = from; n < to; n++) sum += audio[n] ** 2;
  return 10 * Math.log10(sum / (to - from) + 1e-12);
};
const cents = (a, b) => (a === null || b === null ? null : 1200 * Math.log2(a / b));

function judged({ audio, pitch }) {
  const { cents: off, freeCents, harmonicEnergy } = judgeNote({ audio, pitch }, { sampleRate });
  const hertz = (from) => trackPitch(audio.subarray(from, from + quarter), { sampleRate, pitch }).hertz;
  const drift = cents(hertz(heldSamples - quarter), hertz(0.05 * sampleRate));
  const tenths = Array.from({ length: Math.floor((10 * heldSamples) / sampleRate) }, (_, i) =>
    level(audio, (i * sampleRate) / 10, ((i + 1) * sampleRate) / 10),
  );
  const end = level(audio, heldSamples - quarter, heldSamples);
  const octaves = freeCents === null ? 0 : Math.round(freeCents / 1200);
  return {
    tuned: off !== null && Math.abs(off) <= 50,
    octave: octaves !== 0 && Math.abs(freeCents - 1200 * octaves) <= 50,
    drifts: drift === null || Math.abs(drift) > 50,
    noisy: harmonicEnergy < 0.5,
    silent: end < Math.max(...tenths) - 40,
    rings:
      level(audio, audio.length - sampleRate / 20, audio.length) > level(audio, heldSamples - sampleRate / 20, heldSamples) - 6,
    harmonicEnergy,
  };
}

function described(what, notes) {
  const each = notes.map((note) => ({ ...note, ...judged(note), timbre: timbre(note.audio, note.pitch) }));
  const pairs = each.flatMap((a, i) =>
    each.slice(i + 1).flatMap((b) => (a.pitch === b.pitch && a.tuned && b.tuned ? [rms(a.timbre, b.timbre)] : [])),
  );
  console.log(
    JSON.stringify({
      what,
      notes: notes.length,
      'in tune': share(each.map(({ tuned }) => tuned)),
      octave: share(each.map(({ octave }) => octave)),
      drift: share(each.map(({ drifts }) => drifts)),
      noise: share(each.map(({ noisy }) => noisy)),
      silent: share(each.map(({ silent }) => silent)),
      'rings on': share(each.map(({ rings }) => rings)),
      'energy on harmonics': rounded(mean(each.map(({ harmonicEnergy }) => harmonicEnergy)), 3),
      diversity: pairs.length === 0 ? null : rounded(median(pairs), 1),
    }),
  );
}

const real = await knownNotes(collection, voice, Number(wanted));
described('real', real);

const made = [];
const latent = voice.draw(real.length, 0);
const pitches = real.map(({ pitch }) => pitch);
for await (const audio of voice.notes(pitches, { latent })) made.push({ audio, pitch: pitches[made.length] });
described('model', made);
voice.dispose();

const { model } = await loadModel(files);
const { output, conditioning } = model.config;
const losses = {};
for (const precision of precisions) {
  const each = [];
  for (let from = 0; from < real.length; from += 16) {
    const some = real.slice(from, from + 16);
    const sampler = await createSampler(model, { batch: some.length, precision });
    await sampler.begin(some.map(({ pitch }, seed) => ({ seed, label: conditioning.pitches.indexOf(pitch) })));
    const expected = await sampler.force(some.map(({ audio }) => audio));
    sampler.dispose();
    for (const [i, { audio }] of some.entries()) each.push(nats(output, expected[i], audio));
  }
  losses[precision] = each;
}
model.dispose();
const exact = losses.float32;
const lost = Object.fromEntries(
  Object.entries(losses).map(([precision, each]) => {
    const more = each.map((cost, i) => cost - exact[i]);
    const error = Math.sqrt(mean(more.map((x) => (x - mean(more)) ** 2)) / more.length);
    return [precision, precision === 'float32' ? rounded(mean(each), 3) : [rounded(mean(more), 5), rounded(error, 5)]];
  }),
);
console.log(JSON.stringify({ what: 'nats a sample, and what is lost', notes: real.length, ...lost }));
