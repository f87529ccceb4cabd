// What is measured of a note: levels of its harmonics, how fast it rises, how long it lasts, its spectra.
import { openDataset } from '@gansynth/nsynth-data';
import { midiToFrequency, stft } from '@gansynth/spectral';
import * as tf from '@tensorflow/tfjs-core';

const sampleRate = 16_000;
const harmonics = 12;

/** Seconds over which levels are taken: at the onset, and three times later. */
const spans = [
  [0, 0.08],
  [0.2, 0.35],
  [0.6, 0.9],
  [1.2, 1.5],
];

export const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))];
export const median = (values) => quantile(values, 0.5);
export const rounded = (value, digits = 2) => Number(value.toFixed(digits));

/** All notes of a collection, or each `every`-th, in one seeded order, as long as a model's. */
export async function* notesOf(folder, samples, every = 1) {
  const dataset = await openDataset(folder);
  try {
    let seen = 0;
    for await (const batch of dataset.batches({ batchSize: 1, samples, seed: 0, epochs: 1 })) {
      if (seen++ % every !== 0) continue;
      const [{ pitch, instrument, velocity }] = batch.notes;
      yield { pitch, instrument, velocity, audio: Float32Array.from(batch.audio.data) };
    }
  } finally {
    await dataset.close();
  }
}

/** A note sent there and back. */
export const throughImages = ({ encode, decode }, { audio, pitch }) =>
  tf.tidy(() =>
    decode(encode(tf.tensor2d(audio, [1, audio.length]), [pitch]), [pitch])
      .dataSync()
      .slice(),
  );

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

/** Levels of the first 12 harmonics at four times (those that the note lasts), dB below the strongest of all, nothing under -50 told apart. */
export function timbre(audio, pitch) {
  const within = spans.filter(([, to]) => to * sampleRate <= audio.length);
  const powers = within.flatMap(([from, to]) =>
    Array.from({ length: harmonics }, (_, h) => {
      const hertz = (h + 1) * midiToFrequency(pitch);
      return hertz > 0.47 * sampleRate ? 0 : powerAt(audio, Math.round(from * sampleRate), Math.round(to * sampleRate), hertz);
    }),
  );
  const most = Math.max(...powers, 1e-12);
  return powers.map((power) => Math.max(-50, 10 * Math.log10(power / most + 1e-12)));
}

/** Root mean square difference. */
export function rms(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum / a.length);
}

/** Levels over 10 ms, one every ms. */
const envelope = (audio, milliseconds) =>
  Array.from({ length: milliseconds }, (_, ms) => {
    let sum = 0;
    for (let n = -80; n < 80; n++) sum += (0.5 + 0.5 * Math.cos((Math.PI * n) / 80)) * (audio[16 * ms + n] ?? 0) ** 2;
    return Math.sqrt(sum / 80);
  });

/** Milliseconds from the last time under a tenth of the greatest level of the first second to its nine tenths. */
export function rise(audio) {
  const levels = envelope(audio, 1000);
  const most = Math.max(...levels);
  const high = levels.findIndex((level) => level >= 0.9 * most);
  let low = high;
  while (low > 0 && levels[low] > 0.1 * most) low--;
  return high - low;
}

/** Level over a span of seconds, of a note of three or more, in dB below that of the loudest tenth of a second, nothing under -60 told apart. */
export function levelAt(audio, from, to) {
  const power = (start, end) => {
    let sum = 0;
    for (let n = Math.round(start * sampleRate); n < Math.round(end * sampleRate); n++) sum += audio[n] ** 2;
    return sum / ((end - start) * sampleRate);
  };
  const loudest = Math.max(...Array.from({ length: 29 }, (_, tenth) => power(tenth / 10, (tenth + 1) / 10)));
  return Math.max(-60, 10 * Math.log10(power(from, to) / (loudest + 1e-20) + 1e-12));
}

/** Whether it begins with a step: its first sample above 2 % of its peak. */
export function peakAndStep(audio) {
  const peak = audio.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
  return { peak, step: Math.abs(audio[0]) > 0.02 * peak };
}

/** Samples of the transforms that spectra are compared in. */
export const fftSizes = [256, 1024, 4096];
const bands = 24;
const mel = (hertz) => Math.log(1 + hertz / 700);

/** Levels in dB of 24 mel bands a frame. Bands, not bins: two noises of one level differ by 6 dB in every bin. */
export function spectrum(audio, fftSize) {
  const [power, frames, bins] = tf.tidy(() => {
    const { real, imaginary } = stft(tf.tensor2d(audio, [1, audio.length]), { fftSize, padLeft: fftSize / 2 });
    const squares = tf.add(tf.square(real), tf.square(imaginary));
    return [squares.dataSync(), squares.shape[1], squares.shape[2]];
  });
  const levels = new Float64Array(frames * bands);
  for (let k = 1; k < bins; k++) {
    const band = Math.min(bands - 1, Math.floor((bands * mel((k * sampleRate) / fftSize)) / mel(sampleRate / 2)));
    for (let frame = 0; frame < frames; frame++) levels[frame * bands + band] += power[frame * bins + k];
  }
  return levels.map((sum) => 10 * Math.log10(sum + 1e-12));
}

/** Mean difference in dB over what is within 70 dB of the loudest in either. */
export function spectralDistance(before, after) {
  const floor = Math.max(...before) - 70;
  let [sum, count] = [0, 0];
  for (const [i, level] of before.entries()) {
    if (level < floor && after[i] < floor) continue;
    sum += Math.abs(Math.max(floor, level) - Math.max(floor, after[i]));
    count++;
  }
  return sum / count;
}

/** Whether an instrument is of a family whose notes are struck or plucked. */
export const isStruck = (instrument) => ['guitar', 'mallet', 'keyboard', 'bass'].some((family) => instrument.startsWith(family));
