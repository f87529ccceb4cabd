import '@gansynth/training/wasm';
import { describeOnBackends, expectNoLeak } from '@gansynth/test-kit';
import { randomStream } from '@gansynth/common/random';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { imageSize, networkConfig } from '../progressive/config.js';
import { ArgumentError, ConfigError } from '../errors.js';
import type { PlainTensor, PlainWeights } from '@gansynth/model-files';
import { GeneratorModel } from '../model/generator-model.js';
import { networkVariables } from '../progressive/network/variables.js';
import { product } from '../progressive/operations/operation.js';
import { drawLatents } from './latents.js';
import { latentTensor, pitchLabels } from './sample.js';
import { findLatent, type FindLatentEvent, type FindLatentOptions, type FoundLatent } from './find-latent.js';

const config = networkConfig({
  latentSize: 8,
  pitches: [60, 62, 64],
  start: [2, 4],
  blocks: 3,
  filters: { base: 64, decay: 1, max: 16 },
  normaliser: { scale: [[0.07, 0.8]], offset: [[0.1, 0]] },
});

const weights: PlainWeights = Object.fromEntries(
  networkVariables('generator', config).map(({ name, shape }): [string, PlainTensor<Float32Array>] => [
    name,
    { shape, data: randomStream(5, name).normalValues(product(shape)) },
  ]),
);

/** The image of a latent that no search is told. */
function hidden(seed: number, pitch: number): tf.Tensor4D {
  const model = new GeneratorModel({ config, weights });
  const image = tf.tidy(() =>
    model.generate(
      latentTensor(drawLatents(1, { seed, latentSize: config.latentSize }), config.latentSize),
      pitchLabels([pitch], config.pitches),
    ),
  );
  model.dispose();
  return image;
}

/** Searches for it and frees it. */
async function search(pitch: number, options: Partial<FindLatentOptions> = {}): Promise<FoundLatent> {
  const image = hidden(1234, pitch);
  try {
    return await findLatent({ config, weights }, image, { pitches: [pitch], seed: 1, starts: 2, steps: 40, ...options });
  } finally {
    image.dispose();
  }
}

describeOnBackends('findLatent', (backend) => {
  // Chosen so that the plain cpu backend takes seconds.
  const quick = backend === 'cpu' ? { steps: 25, candidates: 12, starts: 1 } : {};

  it('comes far nearer to the image of an unknown latent than the best of many random ones', async () => {
    const { distance, candidateDistance, latent, pitch } = await search(62, quick);
    expect(candidateDistance).toBeGreaterThan(1e-3); // there is something to gain
    expect(distance).toBeLessThan(candidateDistance / 5);
    expect(latent).toHaveLength(config.latentSize);
    expect(pitch).toBe(62);
  });

  it('keeps the latent about as long as those it was trained on', async () => {
    const { latent } = await search(62, quick);
    const meanSquare = latent.reduce((sum, value) => sum + value * value, 0) / latent.length;
    expect(meanSquare).toBeGreaterThan(0.25);
    expect(meanSquare).toBeLessThan(4);
  });

  it('finds the same latent again', async () => {
    const [first, second] = [await search(60, { ...quick, steps: 5 }), await search(60, { ...quick, steps: 5 })];
    expect(second).toEqual(first);
  });
});

describeOnBackends(
  'findLatent',
  () => {
    it('finds the pitch as well, out of those it may be', async () => {
      expect((await search(64, { pitches: [60, 62, 64], starts: 3 })).pitch).toBe(64);
    });

    it('tells of every batch of candidates and every improvement, the best never rising', async () => {
      const events: FindLatentEvent[] = [];
      await search(60, { candidates: 5, batchSize: 2, starts: 2, steps: 3, onEvent: (event) => events.push(event) });
      expect(events.map((event) => (event.type === 'candidates' ? event.tried : `${event.start}.${event.step}`))).toEqual([
        2,
        4,
        5,
        '0.1',
        '0.2',
        '0.3',
        '1.1',
        '1.2',
        '1.3',
      ]);
      const best = events.map((event) => event.best);
      expect(best).toEqual([...best].sort((a, b) => b - a));
    });

    it('looks only at the channels and pixels that count', async () => {
      const [height, width] = imageSize(config);
      const image = hidden(1234, 60);
      // Nonsense in the second channel and in the upper half, neither of which counts.
      const [nonsense, pixelWeights] = tf.tidy(() => {
        const lower = tf.concat([tf.zeros([height / 2, width, 1]), tf.ones([height / 2, width, 1])], 0);
        const kept = tf.mul(lower, tf.tensor1d([1, 0]));
        return [tf.add(tf.mul(image, kept), tf.mul(tf.sub(1, kept), 0.3)) as tf.Tensor4D, tf.clone(lower)];
      }) as [tf.Tensor4D, tf.Tensor];
      const options = { pitches: [60], seed: 1, starts: 1, steps: 10, channelWeights: [1, 0], pixelWeights };
      const [right, wrong] = [
        await findLatent({ config, weights }, image, options),
        await findLatent({ config, weights }, nonsense, options),
      ];
      expect(wrong.distance).toBeCloseTo(right.distance, 6);
      tf.dispose([image, nonsense, pixelWeights]);
    });

    it('hears a timer, while it tries candidates and while it improves them', () =>
      expectNoLeak(async () => {
        for (const many of [{ candidates: 20_000 }, { steps: 1_000_000 }]) {
          const abort = new AbortController();
          setTimeout(() => abort.abort(new Error('enough')), 10);
          await expect(search(62, { ...many, signal: abort.signal })).rejects.toThrow('enough');
        }
      }));

    it('stops when aborted, and leaves no tensors behind either way', () =>
      expectNoLeak(async () => {
        await search(60, { candidates: 2, steps: 2 });
        const abort = new AbortController();
        const stopped = search(60, {
          signal: abort.signal,
          onEvent: (event) => {
            if (event.type === 'improvement') abort.abort(new Error('enough'));
          },
        });
        await expect(stopped).rejects.toThrow('enough');
      }));

    it('refuses images, pitches and settings that cannot be right', async () => {
      const wrong = tf.zeros([1, 4, 4, 2]) as tf.Tensor4D;
      await expect(findLatent({ config, weights }, wrong, { pitches: [60] })).rejects.toThrow(/expected one image \[1,8,16,2\]/);
      wrong.dispose();
      await expect(search(60, { pitches: [] })).rejects.toThrow(/at least one pitch/);
      await expect(search(60, { pitches: [61] })).rejects.toThrow(ArgumentError);
      await expect(search(60, { channelWeights: [0, 0] })).rejects.toThrow(/channel weights/);
      for (const options of [{ starts: 0 }, { steps: -1 }, { learningRate: Number.NaN }])
        await expect(search(60, options)).rejects.toThrow(ConfigError);
    });
  },
  ['wasm'],
);
