import '@gansynth/training/wasm';
import { describeOnBackends, expectClose, expectNoLeak } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { waveNetVariables } from '../network/variables.js';
import { WaveNetModel } from '../model/wavenet-model.js';
import { muLawDecode } from '../mu-law.js';
import { goldenConfig, goldenDecoder, goldenValues, goldenWeights } from '../test-support/golden.js';
import { checkEmbedding, type Embedding } from './embedding.js';
import { decode } from './decode.js';
import { encode } from './encode.js';
import { crossFadeEmbeddings, gridWeights, mixEmbeddings, stretchEmbedding } from './mix.js';

const info = goldenDecoder();
const config = goldenConfig(info);
const model = (): WaveNetModel => new WaveNetModel({ config, weights: goldenWeights(config) });

/** Codes that wander. */
const sound = (samples: number): Float32Array =>
  muLawDecode(Int8Array.from({ length: samples }, (_, at) => 100 * Math.sin(at / 7) * Math.cos(at / 131)));

describeOnBackends('encoding', () => {
  it('gives the frames of the original', async () => {
    const one = model();
    const { data } = goldenValues('decoder/wav');
    const expected = goldenValues('decoder/encoder_output_from_wav');
    for (let note = 0; note < info.batch; note++) {
      const { shape, data: mine } = await encode(one, data.slice(note * info.length, (note + 1) * info.length));
      expect(shape).toEqual(expected.shape.slice(1));
      expectClose(mine, expected.data.subarray(note * mine.length, (note + 1) * mine.length), { absolute: 1e-5, relative: 1e-5 });
    }
    one.dispose();
  });

  it('gives the same frames of a long sound part by part, padded to whole frames, and keeps no tensors', async () => {
    const one = model();
    const long = sound(1000);
    const whole = await encode(one, long);
    expect(whole.shape).toEqual([Math.ceil(1000 / 32), 4]);
    await expectNoLeak(async () => {
      const parts = await encode(one, long, { samplesAtOnce: 96 });
      expectClose(parts.data, whole.data, { absolute: 1e-5, relative: 1e-5 });
    });
    one.dispose();
  });

  it('ends at a signal', async () => {
    const one = model();
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 0);
    await expect(encode(one, sound(100_000), { samplesAtOnce: 32, signal: controller.signal })).rejects.toThrow('enough');
    one.dispose();
  });
});

describeOnBackends(
  'decoding',
  () => {
    it('draws sounds of embeddings, each as alone, and tells how far it is', async () => {
      const one = model();
      const embeddings = [await encode(one, sound(256)), await encode(one, sound(256).reverse())];
      const events: number[] = [];
      const [first, second] = await decode(one, embeddings, { seed: 3, onEvent: ({ done }) => events.push(done) });
      expect([first?.length, second?.length, events]).toEqual([256, 256, [256]]);
      expect(await decode(one, embeddings.slice(1), { seed: 4 })).toEqual([second]);
      one.dispose();
    });

    it('takes a decoder alone, which cannot encode', async () => {
      const decoderOnly = new Set(waveNetVariables(config, 'decoder').map(({ name }) => name));
      const weights = Object.fromEntries(Object.entries(goldenWeights(config)).filter(([name]) => decoderOnly.has(name)));
      const one = new WaveNetModel({ config, weights });
      await expect(encode(one, sound(32))).rejects.toThrow(/expected a model with an encoder, found none/);
      expect(await decode(one, [{ shape: [1, 4], data: new Float32Array(4) }], { seed: 1 })).toHaveLength(1);
      one.dispose();
      const before = tf.memory().numTensors;
      const { 'res_1/W': _, ...lost } = weights;
      expect(() => new WaveNetModel({ config, weights: lost })).toThrow(/expected a variable res_1\/W \[1,1,16,16\], found none/);
      expect(tf.memory().numTensors).toBe(before);
    });

    it('says what is no sound, and what no embedding', async () => {
      const one = model();
      await expect(encode(one, Float32Array.of(0, Number.NaN))).rejects.toThrow(/finite samples, found NaN at 1/);
      await expect(encode(one, new Float32Array())).rejects.toThrow(/without samples/);
      for (const samplesAtOnce of [Number.NaN, -5, 0, 1.5])
        await expect(encode(one, sound(32), { samplesAtOnce })).rejects.toThrow(
          /samplesAtOnce to be a whole number of 1 or more/,
        );
      await expect(decode(one, [{ shape: [1, 3], data: new Float32Array(3) }], { seed: 1 })).rejects.toThrow(
        /numbers \[frames, 4\]/,
      );
      one.dispose();
    });
  },
  ['cpu'],
);

const of = (table: number[][]): Embedding => ({
  shape: [table.length, table[0]?.length ?? 0],
  data: Float32Array.from(table.flat()),
});

describe('embeddings', () => {
  const a = of([
    [0, 10],
    [2, 20],
    [4, 30],
  ]);
  const b = of([[8, 2]]);

  it('mix frame by frame, the shorter one going on with zeros', () => {
    expect([...mixEmbeddings([a, b], [0.75, 0.25]).data]).toEqual([2, 8, 1.5, 15, 3, 22.5]);
    expect(() => mixEmbeddings([a, b], [1])).toThrow(/expected 2 finite weights/);
    expect(() => mixEmbeddings([a, of([[1]])], [1, 1])).toThrow(/all of as many channels, found \[3,2\], \[1,1\]/);
    expect(() => mixEmbeddings([], [])).toThrow(/found none/);
  });

  it('fade from one to the other', () => {
    const faded = crossFadeEmbeddings(of([[1], [1], [1], [1]]), of([[0], [0], [0], [0]]));
    expectClose(faded.data, [1, 0.5 + Math.SQRT1_2 / 2, 0.5, 0.5 - Math.SQRT1_2 / 2], { absolute: 1e-6 });
  });

  it('stretch and shrink between the middles of frames, reflected at the ends', () => {
    const ramp = of([[0], [4], [8], [12]]);
    expect([...stretchEmbedding(ramp, 4).data]).toEqual([0, 4, 8, 12]);
    // Middles at -0.25, 0.25, 0.75, ...: the first lies between frame 0 and frame -1, which is frame 1.
    expect([...stretchEmbedding(ramp, 8).data]).toEqual([1, 1, 3, 5, 7, 9, 11, 11]);
    expect([...stretchEmbedding(ramp, 2).data]).toEqual([2, 10]);
    expect([...stretchEmbedding(of([[7]]), 3).data]).toEqual([7, 7, 7]);
    expect(() => stretchEmbedding(ramp, 0)).toThrow(/above 0, found 0/);
  });

  it('are weighed on a grid by their corners, linearly along the edges and not bilinearly inside', () => {
    expect(gridWeights(0, 0)).toEqual([1, 0, 0, 0]);
    expectClose(gridWeights(0.25, 0), [0.75, 0.25, 0, 0], { absolute: 1e-12 });
    expectClose(gridWeights(0.5, 0.5), [0.25, 0.25, 0.25, 0.25], { absolute: 1e-12 });
    const inside = gridWeights(0.25, 0.25);
    expect(inside.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(inside[0]).not.toBeCloseTo(0.5625, 2);
    expect(() => gridWeights(2, 0)).toThrow(/expected a place in \[0, 1\] x \[0, 1\], found 2, 0/);
  });

  it('come in both shapes that tools write', () => {
    expect(checkEmbedding({ shape: [1, 2, 3], data: new Float32Array(6) }, 3).shape).toEqual([2, 3]);
    expect(() => checkEmbedding({ shape: [2, 2, 3], data: new Float32Array(12) }, 3)).toThrow(
      /expected numbers \[frames, 3\] \(or/,
    );
    expect(() => checkEmbedding({ shape: [1, 3], data: Float32Array.of(1, Number.NaN, 2) }, 3)).toThrow(
      /finite numbers, found NaN/,
    );
  });
});
