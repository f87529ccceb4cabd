// Three notes of the shipped model, mixed, as a WAV file:  node examples/node/chord.mjs flute C4,E4,G4 chord.wav
import { modelMini } from '@gansynth/model-mini';
import { compileGenerator, drawLatents, latentWithInstrument, loadGenerator } from '@gansynth/models-gan';
import { encodeWav } from '@gansynth/nsynth-data';
import { harmonicRepresentation } from '@gansynth/spectral';
import { startThreadedWasm } from '@gansynth/training/wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { writeFileSync } from 'node:fs';

const [instrument = 'flute', names = 'C4,E4,G4', file = 'chord.wav'] = process.argv.slice(2);
const semitones = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const chord = names.split(',').map((name) => {
  const [, letter, sharp, octave] = /^([A-G])(#?)(\d)$/.exec(name) ?? [];
  if (letter === undefined) throw new Error(`expected notes such as C4,F#4, found ${name}.`);
  return 12 * (Number(octave) + 1) + semitones[letter] + (sharp ? 1 : 0);
});

await startThreadedWasm();
const { model, manifest } = await loadGenerator(modelMini);
const { latentSize, pitches, instruments } = model.config;
if (!instruments.includes(instrument)) throw new Error(`expected one of ${instruments.join(', ')}, found ${instrument}.`);
const generator = compileGenerator(model);
const { decode, sampleRate } = harmonicRepresentation(manifest.representation);

const [drawn] = drawLatents(1, { seed: 4, latentSize });
const latent = latentWithInstrument(drawn, model.config, instruments.indexOf(instrument));
const mix = tf.tidy(() => {
  const z = tf.tensor2d(
    chord.flatMap(() => [...latent]),
    [chord.length, latentSize],
  );
  const labels = Int32Array.from(chord, (pitch) => pitches.indexOf(pitch));
  if (labels.includes(-1)) throw new Error(`expected MIDI pitches ${pitches[0]} to ${pitches.at(-1)}, found ${chord}.`);
  return tf.mean(decode(generator.generate(z, labels), chord), 0);
});
const samples = await mix.data();

writeFileSync(file, encodeWav(samples, sampleRate));
console.log(`${file}: ${(samples.length / sampleRate).toFixed(1)} s of ${names} by the ${instrument}`);
