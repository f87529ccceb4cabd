/*
 * Draws the pictures of the README from one note, and prints the numbers beside them.
 *
 *   npm run pictures -w packages/spectral -- <note.wav> <MIDI pitch>
 *
 * The note: 16-bit mono WAV with a 44-byte header, 64,000 samples at 16 kHz, as NSynth has them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { encode } from 'fast-png';
import {
  imageToArray,
  midiToFrequency,
  presets,
  rainbowgram,
  representation,
  waveformPicture,
  wrapAtFundamental,
  wrappedWaveformPicture,
  type Picture,
} from '../src/index.js';

const [file, pitch] = process.argv.slice(2);
if (file === undefined || pitch === undefined) throw new Error('pictures: expected <note.wav> <MIDI pitch>');
const bytes = readFileSync(file);
const audio = Float32Array.from({ length: 64_000 }, (_, n) => bytes.readInt16LE(44 + 2 * n) / 32_768);

const write = (name: string, picture: Picture): void => {
  const [height, width] = picture.shape as [number, number];
  writeFileSync(new URL(name, import.meta.url), encode({ width, height, data: Uint8Array.from(picture.data), channels: 4 }));
};

/** Pictures side by side with a white gap. */
function row(pictures: readonly Picture[]): Picture {
  const gap = 12;
  const height = pictures[0]!.shape[0]!;
  const width = pictures.reduce((sum, picture) => sum + picture.shape[1]! + gap, -gap);
  const joined = waveformPicture([0], { width, height });
  joined.data.fill(255);
  let left = 0;
  for (const picture of pictures) {
    const [, columns = 0] = picture.shape;
    for (let y = 0; y < height; y++) {
      joined.data.set(picture.data.subarray(4 * y * columns, 4 * (y + 1) * columns), 4 * (y * width + left));
    }
    left += columns + gap;
  }
  return joined;
}

const decibels = (signal: number, noise: number): string => (10 * Math.log10(signal / noise)).toFixed(1);

await tf.setBackend('cpu');
const fundamental = midiToFrequency(Number(pitch));
const fold = (samples: ArrayLike<number>): Picture =>
  wrappedWaveformPicture(wrapAtFundamental(samples, { fundamental }), { width: 200, height: 140, top: 1 });

write('waveform.png', row([waveformPicture(audio, { width: 412, height: 140 }), fold(audio)]));
const folded = [fold(audio)];
for (const kind of ['phase', 'if', 'if-mel'] as const) {
  for (const [name, size] of Object.entries(presets)) {
    const rep = representation({ kind, ...size });
    const tensor = rep.encode(tf.tensor2d(audio, [1, 64_000]));
    const back = await rep.decode(tensor).data();
    const image = await imageToArray(tensor);
    let [signal, noise, levelError] = [0, 0, 0];
    for (let n = rep.bins * 2; n < 64_000 - rep.bins * 2; n++) {
      signal += audio[n]! ** 2;
      noise += (audio[n]! - back[n]!) ** 2;
    }
    // What the ear is nearer to than the samples: levels of the decoded note, encoded again, at loud bins.
    const again = await imageToArray(rep.encode(tf.tensor2d(Float32Array.from(back), [1, 64_000])));
    const unit = (kind === 'if-mel' ? 10 : 20) / Math.LN10;
    const top = image.data.reduce((max, value, i) => (i % 2 === 0 ? Math.max(max, value) : max), -Infinity);
    let count = 0;
    for (let i = 0; i < image.data.length; i += 2) {
      if ((top - image.data[i]!) * unit > 40) continue;
      levelError += Math.abs(again.data[i]! - image.data[i]!) * unit;
      count++;
    }
    console.log(
      `${kind} ${name}: SNR ${decibels(signal, noise)} dB, levels off by ${(levelError / count).toFixed(2)} dB on average`,
    );
    if (name !== 'high') continue;
    const view = { kind, width: 200, height: 256, dynamicRange: 70 } as const;
    write(
      `${kind}.png`,
      row([
        rainbowgram(image, { ...view, show: 'level' }),
        rainbowgram(image, { ...view, show: 'angle' }),
        rainbowgram(image, view),
      ]),
    );
    folded.push(fold(back));
  }
}
write('folded.png', row(folded));

const numbers = representation({ kind: 'harmonic' });
const image = await imageToArray(numbers.encode(tf.tensor2d(audio, [1, 64_000]), [Number(pitch)]));
const view = { kind: 'harmonic', width: 200, height: 256, dynamicRange: 70 } as const;
write(
  'harmonic.png',
  row([rainbowgram(image, { ...view, show: 'level' }), rainbowgram(image, { ...view, show: 'angle' }), rainbowgram(image, view)]),
);
