// What notes keep on their way through a small image relative to their harmonics, and back: the table of the README.
//
//   node packages/spectral/docs/harmonic.mjs <collection of four-second notes>
import { noteQuality } from '@gansynth/metrics';
import { openDataset } from '@gansynth/nsynth-data';
import { harmonicRepresentation, presets, representation } from '@gansynth/spectral';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';

await tf.setBackend('cpu');
const samples = 64_000;
const sampleRate = 16_000;
const full = representation({ kind: 'if-mel', ...presets.high });
const small = harmonicRepresentation();
const ways = {
  'nothing: the notes themselves': (audio) => tf.clone(audio),
  'if-mel, 128 x 1024': (audio) => full.decode(full.encode(audio)),
  'harmonicRepresentation, 32 x 128': (audio, pitch) => small.decode(small.encode(audio, [pitch]), [pitch]),
};

/** Level in dB of each stretch of 10 ms. */
const loudness = (audio) =>
  Array.from({ length: Math.floor(audio.length / 160) }, (_, i) => {
    let sum = 0;
    for (let n = 160 * i; n < 160 * (i + 1); n++) sum += audio[n] ** 2;
    return 10 * Math.log10(sum / 160 + 1e-12);
  });
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
/** Milliseconds until the level of a stretch reaches 70 % of the greatest. */
const attack = (audio) => {
  const levels = loudness(audio).map((dB) => 10 ** (dB / 20));
  const most = Math.max(...levels);
  return 10 * levels.findIndex((level) => level >= 0.7 * most);
};

const dataset = await openDataset(process.argv[2]);
for (const [name, way] of Object.entries(ways)) {
  const quality = noteQuality({ sampleRate });
  const off = [];
  const quick = [0, 0];
  let struck = 0;
  for await (const { audio, notes } of dataset.batches({ batchSize: 1, samples, seed: 0, epochs: 1 })) {
    const [{ pitch, family }] = notes;
    const note = Float32Array.from(audio.data);
    const back = tf.tidy(() => way(tf.tensor2d(note, [1, samples]), pitch).dataSync());
    quality.update([{ audio: back, pitch }]);
    const [before, after] = [loudness(note), loudness(back)];
    const heard = before.map((_, i) => i).filter((i) => before[i] > Math.max(...before) - 40);
    off.push(median(heard.map((i) => Math.abs(before[i] - after[i]))));
    if (['guitar', 'mallet', 'keyboard'].includes(family)) {
      struck++;
      quick[0] += attack(note) < 10 ? 1 : 0;
      quick[1] += attack(back) < 10 ? 1 : 0;
    }
  }
  const { notes, harmonicEnergy, within20Cents, lastingRepetition } = quality.compute();
  console.log(
    `${name}: ${notes} notes, on harmonics ${(100 * harmonicEnergy).toFixed(1)} %, within 20 cents ${(100 * within20Cents).toFixed(1)} %, ` +
      `repeating ${lastingRepetition.toFixed(2)}; loudness off by ${median(off).toFixed(1)} dB; 70 % within 10 ms: ${quick[1]} of ${struck} (before ${quick[0]})`,
  );
}
