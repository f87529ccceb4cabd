// What notes lose on their way through an image and back: the table of README.md.
//
//   node docs/harmonic-numbers/loss.mjs <collection of four-second notes at 16 kHz> [notes, default 40] [variant ...]
//
// Prints a line of JSON for each representation of `variants`, or for those whose names are given. Expects a checkout that is built.
import { openDataset } from '@gansynth/nsynth-data';
import { midiToFrequency, representation, stft } from '@gansynth/spectral';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';

const samples = 64_000;
const sampleRate = 16_000;
const variants = {
  'if-mel 128 x 1024': { kind: 'if-mel' },
  'if-mel-harmonic 32 x 64': { kind: 'if-mel-harmonic', frames: 32, bins: 64 },
  'harmonic 64 x 64': { kind: 'harmonic' },
  'without noise': { kind: 'harmonic', noiseBands: 0 },
  '16 noise bands': { kind: 'harmonic', noiseBands: 16 },
  '4 noise bands': { kind: 'harmonic', noiseBands: 4 },
  'even frames': { kind: 'harmonic', onsetFrames: 0 },
  'onset frames of 4 ms': { kind: 'harmonic', onsetHop: 64 },
  'onset frames of 16 ms': { kind: 'harmonic', onsetHop: 256 },
  '128 x 64': { kind: 'harmonic', frames: 128 },
  '64 x 128': { kind: 'harmonic', bins: 128, noiseBands: 16 },
  '32 x 64': { kind: 'harmonic', frames: 32 },
  '64 x 32': { kind: 'harmonic', bins: 32, noiseBands: 4 },
};

const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))];

/** Power of one frequency over some samples, Hann window. */
function powerAt(audio, from, to, hertz) {
  let [real, imaginary, sum] = [0, 0, 0];
  for (let n = from; n < to; n++) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * (n - from)) / (to - from));
    const angle = (2 * Math.PI * hertz * n) / sampleRate;
    real += window * audio[n] * Math.cos(angle);
    imaginary += window * audio[n] * Math.sin(angle);
    sum += window;
  }
  return (real * real + imaginary * imaginary) / (sum * sum);
}

/** Levels of the first 12 harmonics at four times, dB below the strongest, nothing under -50 told apart: as model-mini's timbres.mjs has it. */
function timbre(audio, pitch) {
  const powers = [0, 0.08, 0.2, 0.35, 0.6, 0.9, 1.2, 1.5].flatMap((to, i, times) =>
    i % 2 === 0
      ? []
      : Array.from({ length: 12 }, (_, h) => {
          const hertz = (h + 1) * midiToFrequency(pitch);
          return hertz > 0.47 * sampleRate ? 0 : powerAt(audio, times[i - 1] * sampleRate, to * sampleRate, hertz);
        }),
  );
  const most = Math.max(...powers, 1e-12);
  return powers.map((power) => Math.max(-50, 10 * Math.log10(power / most + 1e-12)));
}

const rms = (a, b) => Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length);

/** Milliseconds from the last time under a tenth of the greatest level of the first second to its nine tenths; levels of 10 ms, every ms. */
function rise(audio) {
  const levels = Array.from({ length: 1000 }, (_, ms) => {
    let sum = 0;
    for (let n = -80; n < 80; n++) sum += (0.5 + 0.5 * Math.cos((Math.PI * n) / 80)) * (audio[16 * ms + n] ?? 0) ** 2;
    return Math.sqrt(sum / 80);
  });
  const most = Math.max(...levels);
  const high = levels.findIndex((level) => level >= 0.9 * most);
  let low = high;
  while (low > 0 && levels[low] > 0.1 * most) low--;
  return high - low;
}

const rounded = (value) => Number(value.toFixed(2));
const bands = 24;
const mel = (hertz) => Math.log(1 + hertz / 700);

/** Levels in dB of 24 mel bands a frame. Bands, not bins: two noises of one level differ by 6 dB in every bin. */
function spectrum(audio, fftSize) {
  const { real, imaginary } = stft(audio, { fftSize, padLeft: fftSize / 2 });
  const power = tf.add(tf.square(real), tf.square(imaginary));
  const [, frames, bins] = power.shape;
  const values = power.dataSync();
  const levels = new Float64Array(frames * bands);
  for (let k = 1; k < bins; k++) {
    const band = Math.min(bands - 1, Math.floor((bands * mel((k * sampleRate) / fftSize)) / mel(sampleRate / 2)));
    for (let frame = 0; frame < frames; frame++) levels[frame * bands + band] += values[frame * bins + k];
  }
  return levels.map((sum) => 10 * Math.log10(sum + 1e-12));
}

/** Mean difference in dB over what is within 70 dB of the loudest in either. */
function spectralDistance(before, after) {
  const floor = Math.max(...before) - 70;
  let [sum, count] = [0, 0];
  for (const [i, level] of before.entries()) {
    if (level < floor && after[i] < floor) continue;
    sum += Math.abs(Math.max(floor, level) - Math.max(floor, after[i]));
    count++;
  }
  return sum / count;
}

const [collection, wanted = '40', ...names] = process.argv.slice(2);
await tf.setBackend('cpu');
const dataset = await openDataset(collection);
const all = [];
for await (const { audio, notes } of dataset.batches({ batchSize: 1, samples, seed: 0, epochs: 1 })) {
  const [{ pitch, family }] = notes;
  if (pitch < 36 || pitch > 84) continue;
  const note = Float32Array.from(audio.data);
  const spectra = tf.tidy(() => [256, 1024, 4096].map((size) => spectrum(tf.tensor2d(note, [1, samples]), size)));
  all.push({
    pitch,
    struck: ['guitar', 'mallet', 'keyboard', 'bass'].includes(family),
    note,
    timbre: timbre(note, pitch),
    rise: rise(note),
    spectra,
  });
  if (all.length >= Number(wanted)) break;
}
await dataset.close();
for (const [name, options] of Object.entries(variants)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const codec = representation(options);
  const levels = [];
  const rises = [];
  const struck = [];
  const distances = [[], [], []];
  let steps = 0;
  let most = 0;
  for (const { pitch, note, spectra, ...before } of all) {
    tf.tidy(() => {
      const audio = codec.decode(codec.encode(tf.tensor2d(note, [1, samples]), [pitch]), [pitch]);
      const after = audio.dataSync();
      const peak = after.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
      most = Math.max(most, peak);
      if (Math.abs(after[0]) > 0.02 * peak) steps++;
      levels.push(rms(before.timbre, timbre(after, pitch)));
      const off = Math.abs(before.rise - rise(after));
      rises.push(off);
      if (before.struck) struck.push(off);
      for (const [i, size] of [256, 1024, 4096].entries()) distances[i].push(spectralDistance(spectra[i], spectrum(audio, size)));
    });
  }
  console.log(
    JSON.stringify({
      name,
      notes: all.length,
      level: [0.5, 0.9].map((q) => rounded(quantile(levels, q))),
      rise: [0.5, 0.9].map((q) => quantile(rises, q)),
      struck: [struck.length, ...[0.5, 0.9].map((q) => quantile(struck, q))],
      spectral: distances.map((some) => rounded(quantile(some, 0.5))),
      steps,
      peak: rounded(most),
    }),
  );
}
