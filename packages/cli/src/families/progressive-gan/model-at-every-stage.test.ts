import { compileGenerator } from '@gansynth/models-gan/compiled';
import { GeneratorModel, loadGenerator, networkConfig, saveModel, type NetworkConfig } from '@gansynth/models-gan';
import { memoryFiles } from '@gansynth/model-files';
import { networkVariables, type Growth } from '@gansynth/models-gan/networks';
import { randomStream } from '@gansynth/common/random';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadRecipe, shippedRecipes } from '../../recipes/library.js';
import { progressiveGan } from './index.js';
import { networkOf } from './network.js';

/** A recipe's network with its blocks, layers and planes, but narrow and with few frames, so that it computes in milliseconds. */
function narrow({ crossed, dense, ...config }: NetworkConfig): NetworkConfig {
  return networkConfig({
    ...config,
    ...(crossed && { crossed: { ...crossed, anchors: Math.min(3, crossed.anchors) } }),
    ...(dense && { dense: dense.map(() => 2) }),
    start: config.scaleMode === 'height' ? [1, 1] : [1, Math.min(2, config.start[1])],
    filters: Array.from({ length: config.blocks + 1 }, () => 2),
    pitches: config.pitches.slice(0, 3),
  });
}

/** Each size of the image, alone and in both halves of the blend before it. */
const growths = ({ blocks }: NetworkConfig): Growth[] =>
  Array.from({ length: blocks }, (_, index) => index + 1).flatMap((grown) =>
    [0, 0.25, 1].map((share) => ({ blocks: grown, progress: Math.max(0, grown - 2 + share) })),
  );

/** Shipped recipes of progressive GANs, one of each shape of network. */
const shapes = new Map(
  shippedRecipes()
    .map(loadRecipe)
    .filter(progressiveGan.owns)
    .map((recipe) => ({ name: recipe.name, network: narrow(networkOf(recipe, { scale: [[0.5, 0.8]], offset: [[0.1, 0]] })) }))
    .map(({ name, network }) => [JSON.stringify(network), { name, network }]),
);

describe('a model saved at any stage of growth', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it.each([...shapes.values()].map(({ name, network }) => [name, network] as const))(
    'of %s is loaded with the weights it was saved with, and sounds the same compiled',
    async (_name, network) => {
      const stream = randomStream(3, 'weights');
      const weights = Object.fromEntries(
        networkVariables('generator', network).map(({ name, shape }) => [
          name,
          { shape, data: stream.normalValues(shape.reduce((size, side) => size * side, 1)) },
        ]),
      );
      const latent = tf.tensor2d(stream.normalValues(2 * network.latentSize), [2, network.latentSize]);
      for (const growth of growths(network)) {
        const what = JSON.stringify(growth);
        const model = new GeneratorModel({ config: network, growth, weights });
        let files: Record<string, Uint8Array> = {};
        await saveModel(model, { write: async (written) => void (files = { ...written }) });
        const { model: loaded } = await loadGenerator(memoryFiles(files));
        expect(Object.keys(loaded.weights), what).toEqual(Object.keys(model.weights));
        const [image, expected] = [loaded, model].map((one) => one.generate(latent, Int32Array.of(0, 2)));
        expect(await image?.data(), what).toEqual(await expected?.data());
        if (network.architecture === 'equalised') {
          const compiled = compileGenerator(loaded);
          const fast = compiled.generate(latent, Int32Array.of(0, 2));
          const error = tf.tidy(() => tf.max(tf.abs(tf.sub(fast, expected as tf.Tensor))).dataSync()[0]);
          expect(error, what).toBeLessThan(1e-3);
          fast.dispose();
          compiled.dispose();
        }
        tf.dispose([image, expected]);
        loaded.dispose();
        model.dispose();
      }
      latent.dispose();
    },
  );
});
