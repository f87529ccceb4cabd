// Why does a small GANSynth not learn the phase channel? One training; what is varied is named below. Prints a JSON line every 4,000 images.
//
//   gansynth data render FluidR3_GM.sf2 --programs 19,21,22,40,42,52,56,60,64,68,71,73,75,80,81,89 --pitches 48-72 --velocities 100 \
//     --seconds 1 --release 0.2 --to sustained
//   node docs/phase-channel/ablation.mjs sustained plain [--seed 1] [--images 32000]
//
// Runs on wasm, or on tensorflow where GANSYNTH_TFJS_NODE names the folder of a built @tensorflow/tfjs-node.
import { GeneratorModel, latentTensor, ProgressiveGanTask, networkConfig } from '@gansynth/models-gan';
import { drawLatents } from '@gansynth/models-gan/latents';
import { openDataset } from '@gansynth/nsynth-data';
import { midiToFrequency, representation } from '@gansynth/spectral';
import { randomStream } from '@gansynth/common/random';
import { runTraining } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

/*
 * - `channel`: what channel 1 holds. `frequency`: instantaneous frequency, as the paper's IF models. `deviation`: the same minus that of the
 *   nearest harmonic of the note's pitch. `scrambled`: deviation plus a constant drawn at random for every (pitch, harmonic): as arbitrary as
 *   `frequency` is thought to be, without its physics. `shared`: deviation plus a constant drawn at random for every 4 bins, the same at all
 *   pitches: one pattern instead of 25, and rougher along the frequency axis, as partials are cut anywhere.
 * - `told`: who gets planes with cosine and sine of what the harmonics' instantaneous frequency is at the pitch asked for.
 * - `l1`: weight of the mean absolute difference to a real image of the same pitch.
 * - `units`: in which units the critic's slope is held at 1. `normalised`: both channels span 1.6. `image`, as the original: log magnitude
 *   spans 18, frequency 2.
 */
const conditions = {
  plain: { channel: 'frequency' },
  'plain, 5 pitches': { channel: 'frequency', pitches: [48, 54, 60, 66, 72] },
  'plain, 1 pitch': { channel: 'frequency', pitches: [60] },
  deviation: { channel: 'deviation' },
  scrambled: { channel: 'scrambled' },
  shared: { channel: 'shared' },
  'both told': { channel: 'frequency', told: ['generator', 'critic'] },
  'generator told': { channel: 'frequency', told: ['generator'] },
  'critic told': { channel: 'frequency', told: ['critic'] },
  'with L1': { channel: 'frequency', l1: 100 },
  'plain, image units': { channel: 'frequency', units: 'image' },
  'deviation, image units': { channel: 'deviation', units: 'image' },
};

const { positionals, values: flags } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' }, images: { type: 'string', default: '32000' } },
});
const [collection, name] = positionals;
const condition = conditions[name];
if (!condition) throw new Error(`expected a collection and one of: ${Object.keys(conditions).join('; ')}`);
const { channel, told = [], l1 = 0, units = 'normalised', pitches = Array.from({ length: 25 }, (_, i) => 48 + i) } = condition;
const seed = Number(flags.seed);

await startBackend();

// The steady part of a note, below 1 kHz: 8 frames from 0.2 s on, 128 bins of 7.8 Hz. No mel, nothing averaged.
const sampleRate = 16_000;
const fullBins = 1024;
const hop = 512;
const [firstFrame, frames, bins] = [6, 8, 128];
const { encode } = representation({ kind: 'if', frames: 32, bins: fullBins, samples: 16_000 });

const wrap = (x) => x - 2 * Math.floor((x + 1) / 2);
const binHertz = (bin) => ((bin + 1) * sampleRate) / (2 * fullBins);
const harmonicOf = (pitch, bin) => Math.max(1, Math.round(binHertz(bin) / midiToFrequency(pitch)));
const harmonicFrequency = (pitch, bin) => wrap((2 * harmonicOf(pitch, bin) * midiToFrequency(pitch) * hop) / sampleRate);
const constants = new Map();
const constant = (key) => {
  if (!constants.has(key)) constants.set(key, 2 * randomStream(99, key).uniformValues(1)[0] - 1);
  return constants.get(key);
};
/** What channel 1 holds at a bin of a note in tune, half turns a hop. */
const ideal = {
  frequency: harmonicFrequency,
  deviation: () => 0,
  scrambled: (pitch, bin) => constant(`${pitch}/${harmonicOf(pitch, bin)}`),
  shared: (_pitch, bin) => constant(`bins/${bin >> 2}`),
}[channel];
const table = new Map(pitches.map((pitch) => [pitch, Float32Array.from({ length: bins }, (_, bin) => ideal(pitch, bin))]));

const real = [];
const dataset = await openDataset(collection);
for await (const { audio, pitches: found } of dataset.batches({ batchSize: 1, samples: 16_000, order: 'stored', epochs: 1 })) {
  const pitch = found[0];
  if (!pitches.includes(pitch)) continue;
  const image = tf.tidy(() =>
    tf.slice(encode(tf.tensor2d(audio.data, [1, 16_000])), [0, firstFrame, 0, 0], [1, frames, bins, 2]),
  );
  const data = image.dataSync();
  image.dispose();
  for (let i = 0; i < data.length; i += 2) {
    const bin = (i / 2) % bins;
    if (channel !== 'frequency') data[i + 1] = wrap(data[i + 1] - harmonicFrequency(pitch, bin) + table.get(pitch)[bin]);
  }
  real.push({ pitch, data });
}
let [low, high] = [Infinity, -Infinity];
for (const { data } of real)
  for (let i = 0; i < data.length; i += 2) [low, high] = [Math.min(low, data[i]), Math.max(high, data[i])];
const scale = 1.6 / (high - low);

const planes = new Float32Array(pitches.length * bins * 2);
for (const [i, pitch] of pitches.entries())
  for (let bin = 0; bin < bins; bin++) {
    planes[2 * (i * bins + bin)] = Math.cos(Math.PI * harmonicFrequency(pitch, bin));
    planes[2 * (i * bins + bin) + 1] = Math.sin(Math.PI * harmonicFrequency(pitch, bin));
  }
const layers = [2, 3, 4].flatMap((block) => [`block_${block}/conv0`, `block_${block}/conv1`]);
const network = networkConfig({
  latentSize: 16,
  pitches,
  start: [1, 16],
  blocks: 4,
  filters: [32, 32, 32, 32, 16],
  normaliser: { scale: [[scale, 0.8]], offset: [[-0.8 - scale * low, 0]] },
  conditioning:
    told.length === 0
      ? null
      : {
          features: 2,
          generator: told.includes('generator') ? layers : [],
          critic: told.includes('critic') ? ['block_4/conv0'] : [],
        },
});

const order = randomStream(seed, 'order');
const task = new ProgressiveGanTask({
  network,
  training: {
    schedule: { progressive: false, totalImages: Number(flags.images), batchSizes: [8] },
    losses: { l1Weight: l1, penaltyUnits: units },
    generatorLearningRate: 6e-3,
    criticLearningRate: 1.5e-3,
    averageDecay: 0.995,
  },
  seed,
  ...(told.length === 0 ? {} : { conditioning: { shape: [pitches.length, bins, 2], data: planes } }),
  data: {
    next: async (size) => {
      const notes = [...order.uniformValues(size)].map((u) => real[Math.floor(u * real.length)]);
      return { images: batch(notes), labels: Int32Array.from(notes, ({ pitch }) => pitches.indexOf(pitch)) };
    },
    state: () => 0,
  },
});

report({ what: 'real notes', error: round(phaseError(real)), harmonic: round(onHarmonics(real)) });
for await (const event of runTraining(task)) {
  if (event.type !== 'step' || event.done % 4000 !== 0) continue;
  const fake = generate();
  report({ images: event.done, error: round(phaseError(fake)), harmonic: round(onHarmonics(fake)) });
}

function batch(notes) {
  const joined = new Float32Array(notes.length * frames * bins * 2);
  for (const [i, { data }] of notes.entries()) joined.set(data, i * data.length);
  return tf.tensor4d(joined, [notes.length, frames, bins, 2]);
}

/** 200 notes of the averaged generator, the pitches in turn. */
function generate() {
  const model = new GeneratorModel({ config: network, weights: task.generatorWeights() });
  const asked = Array.from({ length: 200 }, (_, i) => i % pitches.length);
  const latent = latentTensor(drawLatents(asked.length, { seed: 5, latentSize: 16 }), 16);
  const images = model.generate(latent, Int32Array.from(asked));
  const data = images.dataSync();
  tf.dispose([latent, images]);
  model.dispose();
  const size = frames * bins * 2;
  return asked.map((label, i) => ({ pitch: pitches[label], data: data.slice(i * size, (i + 1) * size) }));
}

/** How far channel 1 is off at the loud bins next to a harmonic: mean, in half turns a hop. 0.5 by chance. */
function phaseError(notes) {
  let [sum, count] = [0, 0];
  for (const { pitch, data } of notes) {
    const limit = data.reduce((most, x, i) => (i % 2 === 0 ? Math.max(most, x) : most), -Infinity) - Math.log(10);
    for (let i = 0; i < data.length; i += 2) {
      const bin = (i / 2) % bins;
      const off = binHertz(bin) - harmonicOf(pitch, bin) * midiToFrequency(pitch);
      if (data[i] < limit || Math.abs(off) > binHertz(0)) continue;
      sum += Math.abs(wrap(data[i + 1] - table.get(pitch)[bin]));
      count++;
    }
  }
  return sum / count;
}

/** Share of power within two bins of a harmonic of the pitch. */
function onHarmonics(notes) {
  let [on, all] = [0, 0];
  for (const { pitch, data } of notes)
    for (let i = 0; i < data.length; i += 2) {
      const bin = (i / 2) % bins;
      const power = Math.exp(2 * data[i]);
      all += power;
      if (Math.abs(binHertz(bin) - harmonicOf(pitch, bin) * midiToFrequency(pitch)) < 2 * binHertz(0)) on += power;
    }
  return on / all;
}

function round(x) {
  return Number(x.toPrecision(3));
}

function report(line) {
  console.log(JSON.stringify({ condition: name, seed, ...line }));
}

async function startBackend() {
  const addon = process.env.GANSYNTH_TFJS_NODE;
  if (addon) {
    createRequire(import.meta.url)(addon);
    await tf.setBackend('tensorflow');
  } else {
    const { startThreadedWasm } = await import('@gansynth/training/wasm');
    await startThreadedWasm();
  }
}
