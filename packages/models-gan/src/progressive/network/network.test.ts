import { describeOnBackends, expectClose } from '@gansynth/test-kit';
import { boxUpscale } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { scaleFactors } from '../config.js';
import * as golden from '../../test-support/golden.js';
import { blendImages } from './blend-images.js';
import { critic } from './critic.js';
import { generator } from './generator.js';
import { canvasBlock } from './stage-shape.js';
import { tensorGraph } from './tensor-graph.js';
import { networkVariables } from './variables.js';

describe('networks of the original', () => {
  test.each(golden.goldenConfigNames)('%s has the variables of the original, name and shape', (name) => {
    const config = golden.goldenNetwork(name);
    const own = (['critic', 'generator'] as const).flatMap((network) => networkVariables(network, config));
    expect(own.map((variable) => `${variable.name} [${variable.shape}]`)).toEqual(
      golden.goldenVariables(name).map((variable) => `${variable.name} [${variable.shape}]`),
    );
  });

  describeOnBackends('forward', () => {
    const cases = golden.goldenConfigNames.flatMap((name) => golden.goldenCases(name).map(({ dir }) => ({ name, dir })));

    // 1e-4 of the largest value: single precision, and pixel norm over few channels amplifies rounding (measured up to 2e-5).
    const close = { relative: 1e-4 };

    test.each(cases)('$dir: images, blended reals, scores and pitch logits are those of the original', ({ name, dir }) => {
      const config = golden.goldenNetwork(name);
      const info = golden.readCase(dir);
      const growth = { blocks: info.num_blocks, progress: info.progress };
      const toFull = scaleFactors(config, config.blocks - canvasBlock(config, growth));
      tf.tidy(() => {
        const graph = tensorGraph(golden.goldenWeights(name));
        const pitch = tf.oneHot(tf.tensor1d(golden.labels(`${dir}/fake_label_index`), 'int32'), config.pitches.length);
        const image = generator(graph, config, growth, { latent: golden.tensor(`${dir}/z`), pitch: tf.cast(pitch, 'float32') });
        const full = boxUpscale(image as tf.Tensor4D, toFull);
        expectClose(full.dataSync(), golden.array(`${dir}/generated`), { ...close, label: 'generated' });

        const real = blendImages(config, growth, golden.tensor(`${dir}/real`) as tf.Tensor4D);
        expectClose(boxUpscale(real, toFull).dataSync(), golden.array(`${dir}/real_blended`), { ...close, label: 'real' });

        for (const [kind, images] of Object.entries({ fake: image, real })) {
          const { score, logits } = critic(graph, config, growth, { image: images as tf.Tensor });
          expectClose(score.dataSync(), golden.array(`${dir}/d_${kind}`), { ...close, label: `score of ${kind}` });
          expectClose(logits.dataSync(), golden.array(`${dir}/class_logits_${kind}`), { ...close, label: `logits of ${kind}` });
        }
      });
    });
  });
});
