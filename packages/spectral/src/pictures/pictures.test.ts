import * as tf from '@tensorflow/tfjs-core';
import { describeOnBackends, expectNoLeak } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import { noise } from '../../test/signals.js';
import { NonFiniteError, OptionError, ShapeError } from '../errors.js';
import { midiToFrequency } from '../index.js';
import { representation } from '../representation/representation.js';
import { imageToArray, type ImageArray } from './image-array.js';
import { hsvToRgb, type Picture } from './picture.js';
import { rainbowgram } from './rainbowgram.js';
import { waveformPicture } from './waveform-picture.js';
import { wrapAtFundamental, wrappedWaveformPicture } from './wrapped-waveform.js';

const pixel = ({ data, shape: [, width = 0] }: Picture, y: number, x: number): number[] =>
  Array.from(data.subarray(4 * (y * width + x), 4 * (y * width + x + 1)));
const brightness = (rgba: number[]): number => Math.max(...rgba.slice(0, 3)) / 255;
const draw = (options: object) => () => rainbowgram({ data: new Float32Array(8), shape: [2, 2, 2] }, { kind: 'if', ...options });
const tone = (frequency: number): Float32Array =>
  Float32Array.from({ length: 4000 }, (_, n) => Math.sin((2 * Math.PI * frequency * n) / 16_000));
/** Pixels that carry ink when a tone is folded on the period of 440 Hz. */
const ink = (frequency: number): number => {
  const picture = wrappedWaveformPicture(wrapAtFundamental(tone(frequency), { fundamental: 440 }), { width: 100, height: 80 });
  return Array.from({ length: 8000 }, (_, i) => picture.data[4 * i] ?? 0).filter((red) => red < 255).length;
};
/** Levels of 0 dB, -20 dB, ... in ln magnitude. */
const decibels = (value: number): number => (value * Math.LN10) / 20;

/** Two frames of two bins: 0 and -30 dB, then -60 and -100 dB. */
const image = (): ImageArray => ({
  data: Float32Array.from([decibels(0), 0, decibels(-30), 0.5, decibels(-60), 0, decibels(-100), 1]),
  shape: [2, 2, 2],
});

/** One cell of full level whose second channel holds a value. */
const off = (deviation: number): ImageArray => ({ data: Float32Array.from([0, deviation]), shape: [1, 1, 2] });

describe('rainbowgram', () => {
  it('has time to the right, frequency upwards, brightness for level and hue for frequency', () => {
    const picture = rainbowgram(image(), { kind: 'if' });
    expect(picture.shape).toEqual([2, 2, 4]);
    const [red, green, blue, alpha] = pixel(picture, 1, 0) as [number, number, number, number];
    expect([red, alpha]).toEqual([255, 255]);
    expect(green).toBe(blue);
    expect(brightness(pixel(picture, 0, 0))).toBeCloseTo(128 / 255, 2);
    expect(pixel(picture, 0, 0)[1]).toBeGreaterThan(pixel(picture, 0, 0)[0]!);
    expect(pixel(picture, 1, 1)).toEqual([0, 0, 0, 255]);
    expect(pixel(picture, 0, 1)).toEqual([0, 0, 0, 255]);
  });

  it('reads log power for if-mel: the same numbers are half as many decibels', () => {
    expect(brightness(pixel(rainbowgram(image(), { kind: 'if-mel' }), 0, 0))).toBeCloseTo(191 / 255, 2);
    // Two of three per cent are a third of the way round, as are two thirds of a half turn.
    expect(pixel(rainbowgram(off(2), { kind: 'harmonic' }), 0, 0)).toEqual(pixel(rainbowgram(off(2 / 3), { kind: 'if' }), 0, 0));
    expect(pixel(rainbowgram(off(2), { kind: 'harmonic' }), 0, 0)).not.toEqual(
      pixel(rainbowgram(off(-2), { kind: 'harmonic' }), 0, 0),
    );
  });

  it('gives both ends of the frequency range one colour, and grey or plain hue on request', () => {
    const ends = { data: Float32Array.from([0, -1, 0, 1]), shape: [1, 2, 2] };
    const picture = rainbowgram(ends, { kind: 'if' });
    expect(pixel(picture, 0, 0)).toEqual(pixel(picture, 1, 0));
    expect(new Set(pixel(rainbowgram(image(), { kind: 'if', show: 'level' }), 0, 0).slice(0, 3)).size).toBe(1);
    expect(brightness(pixel(rainbowgram(image(), { kind: 'if', show: 'angle' }), 0, 1))).toBeCloseTo(255 / 255, 2);
  });

  it('shows the loudest bin where several share a pixel, repeats pixels where there are more, and cuts to a range of bins', () => {
    const one = rainbowgram(image(), { kind: 'if', height: 1, width: 4 });
    expect(pixel(one, 0, 1)).toEqual(pixel(rainbowgram(image(), { kind: 'if' }), 1, 0));
    expect(pixel(one, 0, 2)).toEqual([0, 0, 0, 255]);
    expect(rainbowgram(image(), { kind: 'if', binRange: [1, 2] }).shape).toEqual([1, 2, 4]);
    // Alone, the second bin is the loudest there is.
    expect(brightness(pixel(rainbowgram(image(), { kind: 'if', binRange: [1, 2] }), 0, 0))).toBeCloseTo(255 / 255, 2);
    expect(brightness(pixel(rainbowgram(image(), { kind: 'if', binRange: [1, 2], top: 0 }), 0, 0))).toBeCloseTo(128 / 255, 2);
  });

  it('refuses waveforms, other shapes, impossible options and NaN', () => {
    for (const wrong of [
      { kind: 'waveform' },
      { show: 'all' },
      { dynamicRange: 0 },
      { binRange: [0, 3] },
      { binRange: [1, 1] },
      { width: 0 },
    ]) {
      expect(draw(wrong), JSON.stringify(wrong)).toThrow(OptionError);
    }
    expect(() => rainbowgram({ data: new Float32Array(4), shape: [2, 2] }, { kind: 'if' })).toThrow(ShapeError);
    expect(() => rainbowgram({ data: new Float32Array(0), shape: [0, 2, 2] }, { kind: 'if' })).toThrow(ShapeError);
    // A view of a larger array, as `ndarray` gives it.
    expect(() => rainbowgram({ data: new Float32Array(16), shape: [2, 2, 2] }, { kind: 'if' })).toThrow(
      'expected 8 packed values',
    );
    expect(() => rainbowgram({ data: new Float32Array(8).fill(Number.NaN), shape: [2, 2, 2] }, { kind: 'if' })).toThrow(
      NonFiniteError,
    );
  });

  it('knows the corners of the colour circle', () => {
    expect([0, 1 / 3, 2 / 3, -1 / 3, 1, 0.5].map((hue) => hsvToRgb(hue, 1, 1).map(Math.round))).toEqual([
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [0, 0, 255],
      [255, 0, 0],
      [0, 255, 255],
    ]);
  });
});

describeOnBackends('pictures of encoded notes', () => {
  it('come from one image of a batch, without leaving tensors behind', async () => {
    const rep = representation({ kind: 'if', frames: 6, bins: 8, samples: 20 });
    const batch = rep.encode(tf.tensor2d([...noise(20), ...noise(20, { seed: 3 })], [2, 20]));
    await expectNoLeak(async () => {
      const image = await imageToArray(batch, 1);
      expect(image.shape).toEqual([6, 8, 2]);
      // Frame 5, bin 7, channel 1.
      expect(image.data[95]).toBe((await batch.data())[191]);
      expect(rainbowgram(image, rep).shape).toEqual([6 + 2, 6, 4]);
    });
    await expect(imageToArray(batch, 2)).rejects.toThrow('expected index from 0 to 1, found 2');
    await expect(imageToArray(tf.zeros([6, 8, 2]) as unknown as tf.Tensor4D)).rejects.toThrow(ShapeError);
    batch.dispose();
  });
});

describe('waveforms', () => {
  it('lie on themselves when folded on their period', () => {
    const fundamental = midiToFrequency(69);
    const { position, cycle, value } = wrapAtFundamental(tone(fundamental), { fundamental, start: 0 });
    expect(value.length).toBe(1028);
    expect(cycle.at(-1)).toBe(Math.floor((1027 * 440) / 16_000));
    for (const [n, place] of position.entries()) expect(value[n]).toBeCloseTo(Math.sin(2 * Math.PI * place), 4);
  });

  it('are taken from the middle unless told otherwise', () => {
    const ramp = Float32Array.from({ length: 3000 }, (_, n) => n);
    expect(wrapAtFundamental(ramp, { fundamental: 100, count: 1000 }).value[0]).toBe(1000);
    expect(wrapAtFundamental(ramp, { fundamental: 100, count: 3000 }).value[0]).toBe(0);
  });

  it('are drawn: a steady tone as one line, another period as a web', () => {
    expect(ink(440)).toBeGreaterThan(100);
    expect(ink(452)).toBeGreaterThan(4 * ink(440));
    const silent = wrappedWaveformPicture(wrapAtFundamental(new Float32Array(2000), { fundamental: 440 }), {
      width: 10,
      height: 9,
    });
    expect(pixel(silent, 4, 5)[0]).toBeLessThan(255);
  });

  it('are drawn over time, from the smallest to the largest sample of each column', () => {
    const picture = waveformPicture([0, 1, -1, 0.5], { width: 2, height: 5 });
    expect([0, 1, 2, 3, 4].map((y) => pixel(picture, y, 0)[0] === 255)).toEqual([false, false, false, true, true]);
    expect([0, 1, 2, 3, 4].map((y) => pixel(picture, y, 1)[0] === 255)).toEqual([true, false, false, false, false]);
  });

  it('are refused where nothing could be drawn', () => {
    for (const fundamental of [0, -1, 8000, Number.NaN])
      expect(() => wrapAtFundamental(tone(440), { fundamental })).toThrow(OptionError);
    expect(() => wrapAtFundamental(tone(440), { fundamental: 440, count: 4001 })).toThrow(
      /found audio of 4000. Take a smaller count/,
    );
    expect(() => wrapAtFundamental([Number.NaN], { fundamental: 440, count: 1 })).toThrow(NonFiniteError);
    expect(() => waveformPicture([], { width: 2, height: 2 })).toThrow(ShapeError);
    expect(() => waveformPicture([0], { width: 2.5, height: 2 })).toThrow(OptionError);
  });
});
