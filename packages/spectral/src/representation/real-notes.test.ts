import * as tf from '@tensorflow/tfjs-core';
import {
  describeOnBackends,
  describeWithShared,
  readReferenceWav,
  readShared,
  sharedPath,
  signalToNoise,
} from '@gansynth/test-kit';
import { expect, it } from 'vitest';
import { istft, stft } from '../stft.js';
import { presets } from './presets.js';
import { representation } from './representation.js';

/** Every second note of genuine NSynth that lies beside the checkout, and every twentieth of the recorded mini set. */
const folders = { 'data/nsynth-genuine': 2, 'data/nsynth-mini': 20 };
const tail = 64_000 - 1536;

/** The note without the bin that is left out: below 16 Hz or above 7,984 Hz, where most notes have little and some have noise. */
function withoutBin(audio: tf.Tensor2D, bin: number): tf.Tensor2D {
  const options = { fftSize: 2048, padLeft: 3072 };
  const { real, imaginary } = stft(audio, options);
  const keep = tf.tensor3d(
    Array.from({ length: 1025 }, (_, k) => (k === bin ? 0 : 1)),
    [1, 1, 1025],
  );
  return istft({ real: tf.mul(real, keep), imaginary: tf.mul(imaginary, keep) }, { ...options, samples: 64_000 });
}

for (const [folder, step] of Object.entries(folders)) {
  describeWithShared(folder, `real notes of ${folder}`, () => {
    describeOnBackends(
      'round trip',
      () => {
        const names = Object.keys(readShared<Record<string, object>>(`${folder}/examples.json`)).filter(
          (_, i) => (i + 1) % step === 0,
        );
        for (const kind of ['if'] as const) {
          for (const trim of ['dc', 'nyquist'] as const) {
            it(`${kind}: at least 60 dB of all but ${trim}, up to the fading tail, for ${names.length} notes`, () => {
              const rep = representation({ kind, trim, ...presets.high });
              for (const name of names) {
                const [audio, back] = tf.tidy(() => {
                  const note = tf.tensor2d(readReferenceWav(sharedPath(`${folder}/audio/${name}.wav`)), [1, 64_000]);
                  return [withoutBin(note, trim === 'dc' ? 0 : 1024).dataSync(), rep.decode(rep.encode(note)).dataSync()];
                });
                expect(back.length).toBe(64_000);
                expect(signalToNoise(back, audio, 0, tail), name).toBeGreaterThan(60);
              }
            });
          }
        }
      },
      ['wasm'],
    );
  });
}
