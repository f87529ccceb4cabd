import { describeOnBackends, expectClose, expectNoLeak } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { networkConfig } from '../progressive/config.js';
import { ArgumentError } from '../errors.js';
import { GeneratorModel } from '../model/generator-model.js';
import { networkVariables } from '../progressive/network/variables.js';
import { tinyNetwork } from '../test-support/synthetic.js';
import { initialValue } from '../progressive/training/initial-values.js';
import { latentDirections } from './directions.js';
import { interpolationSteps, latentAt, lerp, pathTimes, slerp } from './interpolate.js';
import { drawLatents, drawPitches, type Latent } from './latents.js';
import { sample, type SampledBatch, type SampleOptions } from './sample.js';

function tinyGenerator(config = tinyNetwork): GeneratorModel {
  const weights = Object.fromEntries(
    networkVariables('generator', config).map((variable) => [
      variable.name,
      { shape: variable.shape, data: initialValue(variable, 7, null) },
    ]),
  );
  return new GeneratorModel({ config, weights });
}

async function collect(model: GeneratorModel, options: SampleOptions): Promise<SampledBatch[]> {
  const batches: SampledBatch[] = [];
  for await (const batch of sample(model, options)) batches.push(batch);
  return batches;
}

const values = (batches: readonly SampledBatch[]): number[] => batches.flatMap(({ images }) => [...images.dataSync()]);
const length = (z: Latent): number => Math.hypot(...z);

describeOnBackends('sampling', () => {
  test('any pitches in batches of any size give the same notes', async () => {
    await expectNoLeak(async () => {
      const model = tinyGenerator();
      const pitches = [64, 60, 60, 62, 64];
      const one = await collect(model, { pitches, seed: 3, batchSize: 1 });
      const two = await collect(model, { pitches, seed: 3, batchSize: 2 });
      const all = await collect(model, { pitches, seed: 3 });
      expect(two.map(({ start, pitches: own }) => [start, ...own])).toEqual([
        [0, 64, 60],
        [2, 60, 62],
        [4, 64],
      ]);
      // A matrix product may sum in another order for another batch.
      expectClose(values(one), values(all), { relative: 1e-5 });
      expectClose(values(two), values(all), { relative: 1e-5 });
      tf.dispose([...one, ...two, ...all].map(({ images }) => images));
      model.dispose();
    });
  });

  test('a seed gives the same note on every backend', async () => {
    const model = tinyGenerator();
    const [batch] = await collect(model, { pitches: [62], seed: 3 });
    // What cpu, which is held to the original's recorded values, makes of it: the first frame's first four bins.
    const expected = [2.918187, 0.360688, 4.981066, -0.185828, 0.305511, -0.80875, -1.298103, -0.728738];
    expectClose(batch!.images.dataSync().slice(0, 8), expected, { relative: 1e-5, label: 'image' });
    model.dispose();
  });

  test('the latents that come out make the same notes when they go in', async () => {
    const model = tinyGenerator();
    const first = await collect(model, { pitches: [60, 62, 64], seed: 5, truncation: 1 });
    const latents = first.flatMap((batch) => batch.latents);
    const again = await collect(model, { pitches: [60, 62, 64], latents });
    expect(values(again)).toEqual(values(first));
    const shared = await collect(model, { pitches: [60, 60], latents: [latents[0]!] });
    const [a, b] = tf.unstack(shared[0]!.images);
    expectClose(a?.dataSync() ?? [], b?.dataSync() ?? [1], { relative: 1e-6 });
    model.dispose();
  });

  test('the directions found are those that change the features', async () => {
    // A generator whose first layer hears z[2] ten times as loud as the rest must name that axis first.
    const weights = Object.fromEntries(
      networkVariables('generator', tinyNetwork).map((variable) => {
        const data = initialValue(variable, 7, null);
        if (variable.name.endsWith('block_1/conv0/conv2d/kernel')) {
          const [height, width, inputs, filters] = variable.shape as [number, number, number, number];
          for (let i = 0; i < height * width * inputs * filters; i++) {
            const axis = Math.floor(i / filters) % inputs;
            if (axis !== 2) data[i] = data[i]! * 0.05;
          }
        }
        return [variable.name, { shape: variable.shape, data }];
      }),
    );
    await expectNoLeak(async () => {
      const model = new GeneratorModel({ config: tinyNetwork, weights });
      const directions = await latentDirections(model, { count: 2, samples: 64 });
      expect(directions).toHaveLength(2);
      expect(Math.abs(directions[0]?.direction[2] ?? 0)).toBeGreaterThan(0.9);
      expectClose(
        directions.map(({ direction }) => length(direction)),
        [1, 1],
        { absolute: 1e-6 },
      );
      expect(directions[0]?.explained).toBeGreaterThan(directions[1]?.explained ?? 1);
      model.dispose();
    });
  });
});

describe('latents', () => {
  test('are the same for a seed, whatever is drawn with them', () => {
    const options = { seed: 11, latentSize: 5 };
    const all = drawLatents(6, options);
    expect(drawLatents(2, { ...options, skip: 3 })).toEqual(all.slice(3, 5));
    expect(drawLatents(1, { ...options, seed: 12 })[0]).not.toEqual(all[0]);
  });

  test('look like a standard normal distribution', () => {
    const drawn = drawLatents(40, { seed: 1, latentSize: 250 }).flatMap((z) => [...z]);
    const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
    const variance = drawn.reduce((sum, x) => sum + x * x, 0) / drawn.length;
    // 10,000 values: standard errors 0.01 and 0.014.
    expect(Math.abs(mean)).toBeLessThan(0.04);
    expect(Math.abs(variance - 1)).toBeLessThan(0.06);
  });

  test('stay within the truncation, and are left alone where they already do', () => {
    const [plain, cut] = [{}, { truncation: 0.7 }].map((extra) => drawLatents(4, { seed: 2, latentSize: 64, ...extra }));
    for (const [index, z] of (cut ?? []).entries()) {
      expect(z.every((x) => Math.abs(x) <= 0.7)).toBe(true);
      for (const [axis, x] of (plain?.[index] ?? []).entries()) if (Math.abs(x) <= 0.7) expect(z[axis]).toBe(x);
    }
    expect(() => drawLatents(1, { seed: 1, latentSize: 4, truncation: 0 })).toThrow(ArgumentError);
  });

  test('pitches follow their counts', () => {
    const drawn = drawPitches(2000, 4, [60, 61, 62], [1, 0, 3]);
    const share = drawn.filter((pitch) => pitch === 62).length / 2000;
    expect(drawn).not.toContain(61);
    // Standard error 0.01.
    expect(Math.abs(share - 0.75)).toBeLessThan(0.04);
  });
});

describe('interpolation', () => {
  const a = Float32Array.of(3, 0);
  const b = Float32Array.of(0, 4);

  test('follows the formula of the original', () => {
    // Half-way between two orthogonal vectors: both weights are sin(pi/4) / sin(pi/2).
    expectClose(slerp(a, b, 0.5), [3 * Math.SQRT1_2, 4 * Math.SQRT1_2], { absolute: 1e-6 });
    expectClose(slerp(a, b, 0), a, { absolute: 1e-6 });
    expectClose(slerp(a, b, 1), b, { absolute: 1e-6 });
    expectClose(lerp(a, b, 0.25), [2.25, 1], { absolute: 1e-6 });
  });

  test('keeps the length of latents of one length', () => {
    for (const t of [0.1, 0.5, 0.8])
      expect(length(slerp(Float32Array.of(1, 0, 0), Float32Array.of(0.6, 0.8, 0), t))).toBeCloseTo(1, 6);
  });

  test('is a straight line where the angle vanishes', () => {
    const same = Float32Array.of(1, 2);
    expectClose(slerp(same, same, 0.3), same, { absolute: 1e-6 });
    expectClose(slerp(same, Float32Array.of(2, 4), 0.5), [1.5, 3], { absolute: 1e-6 });
    expectClose(slerp(same, Float32Array.of(-1, -2), 0.5), [0, 0], { absolute: 1e-6 });
    expectClose(slerp(Float32Array.of(0, 0), same, 0.5), [0.5, 1], { absolute: 1e-6 });
  });

  test('steps include both ends', () => {
    const steps = interpolationSteps(a, b, 3);
    expect(steps).toHaveLength(3);
    expectClose(steps[2] ?? [], b, { absolute: 1e-6 });
    expect(() => interpolationSteps(a, b, 1)).toThrow(ArgumentError);
    expect(() => slerp(a, Float32Array.of(1), 0.5)).toThrow(/found 2 and 1 values/);
  });

  test('a path passes its latents at its times, and goes on beyond its end', () => {
    const c = Float32Array.of(-3, 0);
    const path = { times: [0, 1, 3], latents: [a, b, c] };
    expectClose(latentAt(path, 1), b, { absolute: 1e-6 });
    expectClose(latentAt(path, 2), slerp(b, c, 0.5), { absolute: 1e-6 });
    expectClose(latentAt(path, 4), slerp(b, c, 1.5), { absolute: 1e-6 });
    expectClose(latentAt(path, -1), slerp(a, b, -1), { absolute: 1e-6 });
    expect(latentAt({ times: [0], latents: [a] }, 9)).toEqual(a);
    expect(pathTimes(3, 10)).toEqual([-1e-4, 4.99995, 10]);
    expect(() => latentAt({ times: [1, 0], latents: [a, b] }, 0)).toThrow(ArgumentError);
    expect(() => latentAt({ times: [], latents: [] }, 0)).toThrow(ArgumentError);
    expect(() => latentAt(path, Number.NaN)).toThrow(ArgumentError);
  });
});

describeOnBackends(
  'sampling refuses',
  () => {
    test.each<[string, SampleOptions, RegExp]>([
      ['a pitch the network does not know', { pitches: [61] }, /60 to 64, 3 of them\), found 61/],
      [
        'too few latents',
        { pitches: [60, 60, 60], latents: drawLatents(2, { seed: 1, latentSize: 4 }) },
        /expected 3 latents .* found 2/,
      ],
      [
        'latents of another size',
        { pitches: [60], latents: [new Float32Array(3)] },
        /latents of 4 finite values, found one of 3/,
      ],
      ['latents that are no numbers', { pitches: [60], latents: [new Float32Array(4).fill(Number.NaN)] }, /finite/],
      ['a batch size of 0', { pitches: [60], batchSize: 0 }, /batch size of at least 1/],
      ['an aborted signal', { pitches: [60], signal: AbortSignal.abort(new Error('enough')) }, /enough/],
    ])('%s', async (_name, options, message) => {
      const model = tinyGenerator();
      await expect(collect(model, options)).rejects.toThrow(message);
      model.dispose();
    });

    test('to go on looking for directions when a timer ends it, and leaves no tensors', async () => {
      const model = tinyGenerator();
      await expectNoLeak(async () => {
        const abort = new AbortController();
        setTimeout(() => abort.abort(new Error('enough')), 0);
        await expect(latentDirections(model, { count: 2, samples: 2048, signal: abort.signal })).rejects.toThrow('enough');
      });
      model.dispose();
    });

    test('to decompose what was looked at once it is told to end', async () => {
      const model = tinyGenerator();
      const abort = new AbortController();
      let batches = 0;
      const watched = new Proxy(model, {
        get: (target, name): unknown => {
          if (name === 'weights' && ++batches === 2) abort.abort(new Error('enough'));
          return Reflect.get(target, name, target);
        },
      });
      // Two batches: after the second nothing but the decomposition is left.
      await expectNoLeak(() =>
        expect(latentDirections(watched, { count: 2, samples: 64, signal: abort.signal })).rejects.toThrow('enough'),
      );
      expect(batches).toBe(2);
      model.dispose();
    });

    test.each([1, 2.5, 2049, Number.NaN])('%f samples to find directions among', async (samples) => {
      const model = tinyGenerator();
      await expect(latentDirections(model, { count: 1, samples })).rejects.toThrow(/expected 2 to 2048 samples, found/);
      model.dispose();
    });

    test('weights of another network', () => {
      const model = tinyGenerator();
      const other = networkConfig({ ...tinyNetwork, latentSize: 9 });
      expect(() => new GeneratorModel({ config: other, weights: model.weights })).toThrow(
        /block_1\/conv0\/conv2d\/kernel \[1,2,12,4\], found \[1,2,7,4\]/,
      );
      model.dispose();
    });
  },
  ['cpu'],
);
