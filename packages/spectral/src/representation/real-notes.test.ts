import * as tf from '@tensorflow/tfjs-core';
import {
  describeOnBackends,
  describeWithGenuineNSynth,
  readNote,
  readReferenceWav,
  readShared,
  recordedNotes,
  sharedPath,
  signalToNoise,
} from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import { istft, stft } from '../stft.js';
import { presets } from './presets.js';
import { representation } from './representation.js';

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

function roundTrips(names: readonly string[], read: (name: string) => Float32Array): void {
  describeOnBackends(
    'round trip',
    () => {
      for (const trim of ['dc', 'nyquist'] as const) {
        it(`if: at least 60 dB of all but ${trim}, up to the fading tail, for ${names.length} notes`, () => {
          const rep = representation({ kind: 'if', trim, ...presets.high });
          for (const name of names) {
            const [audio, back] = tf.tidy(() => {
              const note = tf.tensor2d(read(name), [1, 64_000]);
              return [withoutBin(note, trim === 'dc' ? 0 : 1024).dataSync(), rep.decode(rep.encode(note)).dataSync()];
            });
            expect(back.length).toBe(64_000);
            expect(signalToNoise(back, audio, 0, tail), name).toBeGreaterThan(60);
          }
        });
      }
    },
    ['wasm'],
  );
}

describe('recorded notes', () => {
  roundTrips(
    recordedNotes().map(({ id }) => id),
    readNote,
  );
});

describeWithGenuineNSynth('every second note', () => {
  const folder = 'data/nsynth-genuine';
  const names = Object.keys(readShared<Record<string, object>>(`${folder}/examples.json`)).filter((_, i) => i % 2 === 1);
  roundTrips(names, (name) => readReferenceWav(sharedPath(`${folder}/audio/${name}.wav`)));
});
