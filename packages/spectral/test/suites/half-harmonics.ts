import * as tf from '@tensorflow/tfjs-core';
import { expectClose } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import { midiToFrequency, representation, type EngineName } from '../../src/index.js';
import { floor, image, level, one, sampleRate, small, tone } from '../additive-notes.js';

/** Where the level of a bin stands in an image of 12 bins; its deviation follows. */
const cell = (frame: number, bin: number): number => 2 * (12 * frame + bin);

/** Partials half way between harmonics: against the definition, on one backend. */
export function halfHarmonicsSuite(engines: readonly EngineName[], { gpu = false }: { readonly gpu?: boolean } = {}): void {
  for (const engine of engines) {
    describe(`partials half way between harmonics, ${engine} engine`, () => {
      it('has bins for what sounds an octave below the pitch', async () => {
        const halves = { bins: 12, halfHarmonics: 2 };
        const organ = representation({ ...small, ...halves, engine });
        // An octave below, its second harmonic is the fundamental, its third lies half way to the second.
        const levels = [0.1, 0.02, 0.05, 0.03];
        for (const [pitch, off] of gpu
          ? ([[96, 0.6]] as const)
          : ([
              [91, 0],
              [96, 0.6],
            ] as const)) {
          const audio = one(tone(pitch - 12, { levels, off }));
          const values = await organ.encode(audio, [pitch]).data();
          for (const frame of [6, 7, 8]) {
            for (const [bin, rms] of [
              [0, levels[1]!],
              [1, levels[3]!],
              [7, levels[0]!],
              [8, levels[2]!],
            ] as const) {
              const at = cell(frame, bin);
              expect(Math.abs(values[at]! - level(rms)), `pitch ${pitch}, bin ${bin}`).toBeLessThan(0.05);
              expect(values[at + 1]).toBeCloseTo(off, 1);
            }
            for (const bin of [2, 3, 4, 9, 10, 11]) expect(values[cell(frame, bin)], `bin ${bin}`).toBeLessThan(level(0.004));
          }
          const made = await organ.decode(tf.tensor4d(values, [1, 12, 12, 2]), [pitch]).data();
          const power = Array.from(made.slice(1000, 1700)).reduce((sum, x) => sum + x * x, 0) / 700;
          expect(Math.abs(10 * Math.log10(power / levels.reduce((sum, rms) => sum + rms * rms, 0)))).toBeLessThan(0.5);
        }
      });

      it('makes partials half way between harmonics, of each note of a batch those that it has', async () => {
        const organ = representation({ ...small, bins: 12, halfHarmonics: 2, engine });
        const cells: [number, number][] = Array.from({ length: 12 }, (_, bin) => [
          bin === 7 || bin === 8 ? level(0.1) : floor,
          0,
        ]);
        // Of the last, whose fundamental is 5,274 Hz, one and a half times that is too high.
        const pitches = [69, 60, 112];
        const images = tf.tile(image(cells, { frames: 12, bins: 12 }), [3, 1, 1, 1]) as tf.Tensor4D;
        const audio = await organ.decode(images, pitches).data();
        for (const [i, pitch] of pitches.entries()) {
          const numbers = pitch === 112 ? [0.5] : [0.5, 1.5];
          const expected = Float32Array.from({ length: small.samples }, (_, n) =>
            numbers.reduce((sum, number) => {
              const turns = (number * midiToFrequency(pitch) * n) / sampleRate - (number * (number - 1)) / 128;
              return sum + Math.min(1, n / 32) * Math.SQRT2 * 0.1 * Math.sin(2 * Math.PI * turns);
            }, 0),
          );
          const sound = audio.slice(i * small.samples, (i + 1) * small.samples);
          expectClose(sound, expected, { absolute: gpu ? 4e-3 : 1e-3 });
        }
      });
    });
  }
}
