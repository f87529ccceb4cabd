// What notes lose on their way through an image and back: the table of README.md.
//
//   node docs/harmonic-numbers/loss.mjs <collection of four-second notes at 16 kHz> [notes, default 40] [variant ...]
//
// Prints a line of JSON for each representation of `variants`, or for those whose names are given. Expects a checkout that is built.
import { representation } from '@gansynth/spectral';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {
  fftSizes,
  isStruck,
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
} from '../../packages/model-mini/scripts/note-measures.mjs';

const samples = 64_000;
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

const [collection, wanted = '40', ...names] = process.argv.slice(2);
await tf.setBackend('cpu');
const all = [];
for await (const { pitch, instrument, audio } of notesOf(collection, samples)) {
  if (pitch < 36 || pitch > 84) continue;
  const spectra = fftSizes.map((size) => spectrum(audio, size));
  all.push({ pitch, struck: isStruck(instrument), audio, timbre: timbre(audio, pitch), rise: rise(audio), spectra });
  if (all.length >= Number(wanted)) break;
}
for (const [name, options] of Object.entries(variants)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const codec = representation(options);
  const levels = [];
  const rises = [];
  const struck = [];
  const distances = [[], [], []];
  let steps = 0;
  let most = 0;
  for (const { pitch, audio, spectra, ...before } of all) {
    const after = throughImages(codec, { audio, pitch });
    const { peak, step } = peakAndStep(after);
    most = Math.max(most, peak);
    if (step) steps++;
    levels.push(rms(before.timbre, timbre(after, pitch)));
    const off = Math.abs(before.rise - rise(after));
    rises.push(off);
    if (before.struck) struck.push(off);
    for (const [i, size] of fftSizes.entries()) distances[i].push(spectralDistance(spectra[i], spectrum(after, size)));
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
