import { directionalDerivatives, expectClose, expectNoLeak } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { modulation } from '../../src/additive/modulation.js';
import { completeAdditive } from '../../src/additive/options.js';
import { midiToFrequency, representation, type EngineName } from '../../src/index.js';
import { floor, level, one, sampleRate } from '../additive-notes.js';

/** 24 frames of 40 ms after the onset, four bins of partials. */
const options = { frames: 28, bins: 12, noiseBands: 8, onsetFrames: 4, onsetHop: 64, samples: 15_616, modulation: true } as const;
const { frames, bins, onsetFrames } = options;
const partials = bins - options.noiseBands;
const late = frames - onsetFrames;
const wavers = modulation(completeAdditive(options));

type Cell = (frame: number, bin: number) => readonly [level: number, deviation: number];

/** Of `cell` where there are partials, `depth` beside the noise; frames count from the first after the onset. */
const imageOf = (cell: Cell, depth = 0): tf.Tensor4D =>
  tf.tensor4d(
    Array.from({ length: frames }, (_, t) =>
      Array.from({ length: bins }, (_, bin) => (bin < partials ? cell(t - onsetFrames, bin) : [floor, depth])),
    ).flat(2) as number[],
    [1, frames, bins, 2],
  );
const at = (values: Float32Array, frame: number, bin: number, channel: number): number =>
  values[2 * ((frame + onsetFrames) * bins + bin) + channel]!;
const all = Array.from({ length: late }, (_, t) => t);
/** Not within 0.2 seconds of an end. */
const middle = all.slice(6, -6);
const rms = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
async function data(make: () => tf.Tensor): Promise<Float32Array> {
  const made = tf.tidy(make);
  const values = (await made.data<'float32'>()).slice();
  made.dispose();
  return values;
}

/** A parabola: slow. */
const drift = (t: number): number => 0.4 + 0.02 * t - 0.001 * t * t;
/** Each bin at a rate of its own. */
const beat = (t: number, bin: number): number => [0.8, 0.4, 0.4, 0][bin]! * Math.sin((2.1 + 0.2 * bin) * t + bin);

/** Vibrato and beating as depths and a rate, on one backend. Without an engine: images alone. */
export function modulationSuite(engines: readonly EngineName[]): void {
  describe('modulation of images', () => {
    it('is the vibrato of all partials, as depth and turn, and leaves their slow course', async () => {
      const turn = (2 * Math.PI * 6 * 640) / sampleRate;
      const image = imageOf((t, bin) => [level(0.2 / (bin + 1)), drift(t) + 0.6 * Math.sin(turn * t)]);
      const values = await data(() => wavers.steadied(image));
      for (const t of middle) {
        expect(Math.abs(at(values, t, 1, 1) - drift(t)), `frame ${t}`).toBeLessThan(0.1);
        expect(Math.abs(at(values, t, partials, 1) - 0.6 * Math.SQRT1_2)).toBeLessThan(0.05);
        expect(Math.abs(at(values, t, partials + 1, 1) - Math.cos(turn))).toBeLessThan(0.05);
        expect(at(values, t, 0, 0)).toBeCloseTo(level(0.2), 3);
      }
      // A sine of that depth, made larger by what frames and straight lines between them take.
      const back = await data(() => wavers.wavering(wavers.steadied(image), [60]));
      const larger = (Math.sin(turn / 2) / (turn / 2)) ** -3;
      const fast = middle.map((t) => at(back, t, 1, 1) - drift(t));
      expect(Math.abs(rms(fast) / (0.6 * Math.SQRT1_2 * larger) - 1)).toBeLessThan(0.1);
      for (const t of all) expect(at(back, t, partials, 1)).toBe(0);
      image.dispose();
    });

    it('is the beating of partials, each by itself, as one depth an octave', async () => {
      const image = imageOf((t, bin) => [level(0.1) - 0.05 * t + beat(t, bin), 0]);
      const values = await data(() => wavers.steadied(image));
      for (const t of middle) {
        for (const bin of [0, 1, 2, 3])
          expect(Math.abs(at(values, t, bin, 0) - level(0.1) + 0.05 * t), `bin ${bin}`).toBeLessThan(0.12);
        // Bins 0 and 1 are groups of their own, 2 and 3 are one.
        for (const [group, depth] of [0.8, 0.4, 0.4 * Math.SQRT1_2].entries())
          expect(Math.abs(at(values, t, partials + 2 + group, 1) / (depth * Math.SQRT1_2) - 1), `group ${group}`).toBeLessThan(
            0.2,
          );
      }
      const back = await data(() => wavers.wavering(wavers.steadied(image), [60]));
      const fast = (bin: number): number[] => middle.map((t) => at(back, t, bin, 0) - at(values, t, bin, 0));
      for (const [bin, depth] of [0.8, 0.4, 0.4 * Math.SQRT1_2].entries())
        expect(Math.abs(rms(fast(bin)) / (depth * Math.SQRT1_2) - 1), `bin ${bin}`).toBeLessThan(0.4);
      const together = fast(0).reduce((sum, value, t) => sum + value * fast(1)[t]!, 0) / fast(0).length;
      expect(Math.abs(together)).toBeLessThan(0.5 * rms(fast(0)) * rms(fast(1)));
      image.dispose();
    });

    it('leaves what is steady, what decays and what ends at once as they are', async () => {
      const decay: [Cell, number] = [(t, bin) => [level(0.2) - 0.3 * t - bin, 0.7], 1e-3];
      const end: [Cell, number] = [(t) => (t < 12 ? [level(0.2), 0.2] : [floor, 0]), 0.35];
      for (const [cell, off] of [decay, end]) {
        const image = imageOf(cell);
        const exact = await image.data<'float32'>();
        const values = await data(() => wavers.steadied(image));
        for (const t of all)
          for (let bin = 0; bin < partials; bin++)
            expect(Math.abs(at(values, t, bin, 0) - at(exact, t, bin, 0)), `${t}`).toBeLessThan(off);
        image.dispose();
      }
    });

    it('brings nothing where there is none, and other beating at another pitch', async () => {
      const steady = imageOf(() => [level(0.1), 0.3]);
      expectClose(await data(() => wavers.wavering(steady, [60])), await steady.data(), { absolute: 1e-6 });
      const deep = imageOf(() => [level(0.1), 0.3], 0.3);
      const [low, again, high] = await Promise.all([60, 60, 61].map((pitch) => data(() => wavers.wavering(deep, [pitch]))));
      expect(again).toEqual(low);
      expect(rms(all.map((t) => at(low!, t, 0, 0) - at(high!, t, 0, 0)))).toBeGreaterThan(0.1);
      tf.dispose([steady, deep]);
    });

    it('has the gradient that finite differences have, and a finite one for silence', async () => {
      const image = imageOf((t, bin) => [level(0.1 / (bin + 1)) + 0.3 * Math.sin(2.2 * t + bin), 0.3 * Math.sin(1.4 * t)]);
      const weights = tf.tidy(() => tf.sin(tf.reshape(tf.range(0, 2 * frames * bins), [1, frames, bins, 2])));
      // Depths of 0 lie on the edge of those below, which count as 0.
      const steady = tf.tidy(() => wavers.steadied(image));
      for (const [change, start] of [
        [wavers.steadied, image],
        [(x: tf.Tensor4D) => wavers.wavering(x, [60]), steady],
      ] as const) {
        const loss = (x: tf.Tensor): tf.Scalar => tf.sum(tf.mul(change(x as tf.Tensor4D), weights));
        for (const [numeric, analytic] of await directionalDerivatives(loss, start))
          expect(Math.abs(numeric - analytic)).toBeLessThan(0.02 * Math.max(1, Math.abs(analytic)));
        const silence = imageOf(() => [floor, 0]);
        const gradient = await data(() => tf.grad(loss)(silence));
        expect(gradient.every(Number.isFinite)).toBe(true);
        silence.dispose();
      }
      tf.dispose([image, steady, weights]);
    });
  });

  for (const engine of engines) {
    describe(`modulated harmonics, ${engine} engine`, () => {
      it('name what is not finite where it is', () => {
        const codec = representation({ kind: 'harmonic', ...options, engine: 'typed-array' });
        const whole = imageOf(() => [level(0.1), 0]);
        const broken = tf.tensor4d(whole.dataSync().slice().fill(Number.NaN, 500, 501), [1, frames, bins, 2]);
        expect(() => codec.decode(broken, [60])).toThrow(/decode: image: .*NaN at index 500/);
        tf.dispose([whole, broken]);
      });

      it('waver as deeply as the sound did, and free what they made', async () => {
        const pitch = 81;
        const codec = representation({ kind: 'harmonic', ...options, engine });
        const plain = representation({ kind: 'harmonic', ...options, modulation: false, engine });
        let angle = 0;
        const audio = Float32Array.from({ length: options.samples }, (_, n) => {
          angle +=
            (2 * Math.PI * midiToFrequency(pitch) * (1 + 0.008 * Math.sin((2 * Math.PI * 5.5 * n) / sampleRate))) / sampleRate;
          return 0.2 * Math.sin(angle) + 0.1 * Math.sin(2 * angle);
        });
        const course = async (sound: Float32Array): Promise<number[]> => {
          const values = await data(() => plain.encode(one(sound), [pitch]));
          const deviations = middle.map((t) => at(values, t, 0, 1));
          const mean = deviations.reduce((sum, value) => sum + value, 0) / deviations.length;
          return deviations.map((value) => value - mean);
        };
        let back = new Float32Array(0);
        await expectNoLeak(async () => {
          back = (await data(() => codec.decode(codec.encode(one(audio), [pitch]), [pitch]))) as Float32Array<ArrayBuffer>;
        });
        const [before, after] = [rms(await course(audio)), rms(await course(back))];
        expect(before).toBeGreaterThan(0.3);
        expect(Math.abs(after / before - 1)).toBeLessThan(0.2);
      });
    });
  }

  describe('modulation', () => {
    it.each([
      [{ noiseBands: 7 }, /modulation: expected noiseBands of at least 8 to hold it, found 7, or leave modulation out/],
      [{ frames: 11 }, /at least 8 frames after the onset, found 7\. Raise frames/],
      [{ frames: 1100, samples: 64_000 }, /at most 1024 frames after the onset, found 1096/],
      [{ frames: 18 }, /frames of at most 62.5 ms, found 69 ms\. Raise frames/],
      [{ modulation: 1 }, /expected modulation true or false, found 1/],
    ])('is refused with %j', (changed, message) => {
      expect(() => representation({ kind: 'harmonic', ...options, ...changed } as never)).toThrow(message);
    });

    it('is off unless it is asked for', () => {
      expect(representation({ kind: 'harmonic' }).toJSON()).toMatchObject({ modulation: false });
    });
  });
}
