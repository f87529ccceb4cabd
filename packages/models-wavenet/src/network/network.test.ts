import { describeOnBackends, expectClose, expectNoLeak } from '@gansynth/test-kit';
import { batchGradients } from '@gansynth/training';
import '@gansynth/training/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { presets } from '../config/presets.js';
import { receptiveField, waveNetConfig } from '../config/wavenet-config.js';
import { crossEntropy } from '../output/cross-entropy.js';
import { goldenConfig, goldenDecoder, goldenTensor, goldenValues, goldenWeights } from '../test-support/golden.js';
import { decoder } from './decoder.js';
import { rows, scaledSamples, shifted } from './decoder-input.js';
import { dilatedConvolution } from './dilated-convolution.js';
import { encoder } from './encoder.js';
import { addFrames } from './frames.js';
import { pitchFrames, pitchStack } from './pitch-stack.js';
import { parameterCount, waveNetVariables } from './variables.js';
import type { Weights } from './weights.js';

const info = goldenDecoder();
const config = goldenConfig(info);
const plain = goldenWeights(config);
const variables = (): Record<string, tf.Variable> =>
  Object.fromEntries(
    waveNetVariables(config).map(({ name, shape }) => [
      name,
      tf.tidy(() => tf.variable(tf.tensor(plain[name]?.data ?? [], [...shape]))),
    ]),
  );

/** Row-wise copy of the golden sounds. */
const sounds = (): Float32Array[] => {
  const { data } = goldenValues('decoder/wav');
  return Array.from({ length: info.batch }, (_, row) => data.slice(row * info.length, (row + 1) * info.length));
};
const scaled = (): tf.Tensor2D => rows(sounds().map((sound) => scaledSamples(config.output, sound)));
const classes = (): tf.Tensor2D => tf.tidy(() => tf.cast(tf.add<tf.Tensor2D>(tf.mul(scaled(), 128), 128), 'int32'));

describeOnBackends('the network', () => {
  it.each([1, 2, 4])('convolves as the original, in both forms: dilation %i', (dilation) => {
    tf.tidy(() => {
      const convolution = {
        kernel: goldenTensor('causal_conv/W') as tf.Tensor4D,
        biases: goldenTensor('causal_conv/biases') as tf.Tensor1D,
      };
      for (const form of ['fold', 'shift'] as const) {
        const out = dilatedConvolution(goldenTensor('causal_conv/x') as tf.Tensor3D, convolution, {
          dilation,
          padding: 'causal',
          form,
        });
        expectClose(out.dataSync(), goldenValues(`causal_conv/out_dilation${dilation}`).data, { absolute: 1e-5, label: form });
      }
    });
  });

  it('convolves lengths that are no multiple of the dilation, causal and centred, alike in both forms', () => {
    tf.tidy(() => {
      const convolution = {
        kernel: goldenTensor('causal_conv/W') as tf.Tensor4D,
        biases: goldenTensor('causal_conv/biases') as tf.Tensor1D,
      };
      const x = tf.slice(goldenTensor('causal_conv/x') as tf.Tensor3D, [0, 0, 0], [2, 19, 3]);
      for (const padding of ['causal', 'centred'] as const) {
        const [a, b] = (['fold', 'shift'] as const).map((form) =>
          dilatedConvolution(x, convolution, { dilation: 8, padding, form }),
        ) as [tf.Tensor3D, tf.Tensor3D];
        expect(a.shape).toEqual([2, 19, 5]);
        expectClose(a.dataSync(), b.dataSync(), { absolute: 1e-5 });
      }
      // Centred: an output sees as far ahead as back.
      const impulse = tf.tensor3d([0, 0, 0, 0, 1, 0, 0, 0, 0], [1, 9, 1]);
      const sum = { kernel: tf.tensor4d([1, 2, 3], [1, 3, 1, 1]), biases: tf.zeros([1]) as tf.Tensor1D };
      const centred = dilatedConvolution(impulse, sum, { dilation: 2, padding: 'centred' });
      expect([...centred.dataSync()]).toEqual([0, 0, 3, 0, 2, 0, 1, 0, 0]);
    });
  });

  it.each([
    ['causal', 1],
    ['causal', 8],
    ['causal', 40],
    ['centred', 8],
    ['centred', 40],
  ] as const)('has the same gradients in both forms: %s, dilation %i', (padding, dilation) => {
    tf.tidy(() => {
      const x = tf.slice(goldenTensor('causal_conv/x') as tf.Tensor3D, [0, 0, 0], [2, 19, 3]);
      const [kernel, biases] = [goldenTensor('causal_conv/W'), goldenTensor('causal_conv/biases')];
      const dy = tf.sin(tf.reshape(tf.range(0, 2 * 19 * 5), [2, 19, 5]));
      const [fold, shift] = (['fold', 'shift'] as const).map((form) =>
        tf.grads((x, kernel, biases) =>
          dilatedConvolution(
            x as tf.Tensor3D,
            { kernel: kernel as tf.Tensor4D, biases: biases as tf.Tensor1D },
            { dilation, padding, form },
          ),
        )([x, kernel, biases], dy),
      );
      for (const [i, gradient] of shift!.entries()) {
        expect(gradient.shape).toEqual(fold![i]!.shape);
        // Sums of at most 38 products in single precision, in other orders.
        expectClose(gradient.dataSync(), fold![i]!.dataSync(), { absolute: 1e-5 });
      }
    });
  });

  it('adds frames as the original, and to a last frame that is not whole', () => {
    tf.tidy(() => {
      const [x, frames] = [goldenTensor('condition/x') as tf.Tensor3D, goldenTensor('condition/encoding') as tf.Tensor3D];
      const out = addFrames(x, frames, 8);
      expectClose(out.dataSync(), goldenValues('condition/out').data, { absolute: 1e-6 });
      const cut = addFrames(tf.slice(x, [0, 0, 0], [2, 19, 6]), frames, 8);
      expectClose(cut.dataSync(), tf.slice(out, [0, 0, 0], [2, 19, 6]).dataSync(), { absolute: 0 });
      expect(() => addFrames(x, frames, 12)).toThrow(
        /expected frames \[2,2,6\] for 24 samples \(a frame for each 12\), found \[2,3,6\]/,
      );
    });
  });

  it('gives the logits of the original, its loss and its gradients', async () => {
    const weights = variables();
    const input = tf.tidy(() => shifted(scaled()));
    const conditioning = goldenTensor('decoder/encoding') as tf.Tensor3D;
    const wanted = classes();
    // The golden numbers' README: logits 1e-4.
    const logits = decoder(weights, config, { input, conditioning });
    expectClose(logits.dataSync(), goldenValues('decoder/train_logits').data, { absolute: 1e-4 });

    const trained = info.grad_flat_layout;
    const { losses, gradients } = await batchGradients(
      trained.map(({ name }) => weights[name]!),
      { name: 'decoder', batchSize: info.batch, microBatchSize: null },
      () => ({ total: crossEntropy(decoder(weights, config, { input, conditioning }), wanted) }),
    );
    expect(losses.total).toBeCloseTo(info.loss_mean_nll_given_encoding, 4);
    const flat = goldenValues('decoder/grad_loss_flat').data;
    for (const [index, { name, shape, offset }] of trained.entries()) {
      const size = shape.reduce((product, side) => product * side, 1);
      // Sums over 512 samples in another order.
      expectClose(gradients[index]!.dataSync(), flat.subarray(offset, offset + size), {
        relative: 1e-4,
        absolute: 1e-6,
        label: name,
      });
    }
    tf.dispose([logits, input, conditioning, wanted, weights, gradients as tf.Tensor[]]);
  });

  it('encodes as the original, and gives its loss with its own encoder', () => {
    const weights = variables();
    tf.tidy(() => {
      const { conditioning } = config;
      if (conditioning.kind !== 'frames' || !conditioning.encoder) throw new Error('no encoder');
      const frames = encoder(weights, conditioning.encoder, conditioning.hop, scaled());
      expectClose(frames.dataSync(), goldenValues('decoder/encoder_output_from_wav').data, { absolute: 1e-5, relative: 1e-5 });
      const loss = crossEntropy(decoder(weights, config, { input: shifted(scaled()), conditioning: frames }), classes());
      expect(loss.dataSync()[0]).toBeCloseTo(info.loss_with_own_encoder, 3);
    });
    tf.dispose(weights);
  });

  it('keeps no tensors', async () => {
    const weights = variables();
    const input = scaled();
    await expectNoLeak(
      () => decoder(weights, config, { input, conditioning: goldenTensor('decoder/encoding') as tf.Tensor3D }),
      2,
    );
    tf.dispose([weights, input]);
  });
});

describeOnBackends(
  'the pitch stack',
  () => {
    it('knows a note while the key is held and after it, and says nothing of a note without a pitch', () => {
      const { conditioning } = waveNetConfig({
        conditioning: { kind: 'pitch', pitches: [60, 62], samples: 1000, heldSamples: 750, hop: 100 },
      });
      if (conditioning.kind !== 'pitch') throw new Error('no pitch');
      const frames = pitchFrames([1, -1], conditioning);
      expect(frames.shape).toEqual([2, 10, 2]);
      const on = [0, 1];
      const off = [0, 0];
      expect(frames.arraySync()[0]).toEqual([on, on, on, on, on, on, on, on, off, off]);
      expect(
        frames
          .arraySync()[1]
          ?.flat()
          .every((value) => value === 0),
      ).toBe(true);
      frames.dispose();
    });

    it.each(['centred', 'causal'] as const)('lets frames see what its padding says: %s', (padding) => {
      const network = waveNetConfig({
        layers: 1,
        width: 4,
        skipWidth: 4,
        conditioning: {
          kind: 'pitch',
          pitches: [60],
          activation: 'relu',
          samples: 6400,
          heldSamples: 3200,
          hop: 100,
          width: 4,
          dilations: [2, 4],
          padding,
        },
      });
      const { conditioning } = network;
      if (conditioning.kind !== 'pitch') throw new Error('no pitch');
      tf.tidy(() => {
        const weights: Weights = Object.fromEntries(
          waveNetVariables(network).map(({ name, shape }) => [name, tf.mul(tf.ones([...shape]), name.endsWith('W') ? 0.3 : 0)]),
        );
        const out = pitchStack(weights, conditioning, pitchFrames([0], conditioning));
        const first = tf.squeeze(tf.slice(out, [0, 0, 0], [1, 64, 1])).dataSync();
        // Reach of the stack: 2 + 4 + 1 + 1 + 1 frames on a side, or all of it to the past.
        const middle = first[padding === 'centred' ? 16 : 25]!;
        const changes = [...first.keys()].filter((frame) => Math.abs(first[frame]! - middle) > 1e-3 * middle);
        const reach = 9;
        const edges = padding === 'centred' ? [reach - 1, 32 - reach] : [2 * reach - 1, 32];
        expect(Math.max(...changes.filter((frame) => frame < 20))).toBe(edges[0]);
        expect(Math.min(...changes.filter((frame) => frame > 20))).toBe(edges[1]);
      });
    });
  },
  ['cpu'],
);

describe('the sizes of the original', () => {
  it('has the variables of the released checkpoint', () => {
    expect(parameterCount(presets.nsynth)).toBe(61_804_048);
    expect(parameterCount(presets.nsynth, 'decoder')).toBe(59_827_712);
    expect(waveNetVariables(presets.nsynth)).toHaveLength(374);
    expect(
      waveNetVariables(presets.nsynth)
        .filter(({ trainable }) => !trainable)
        .map(({ name }) => name),
    ).toEqual(['res_30/W', 'res_30/biases']);
    expect(receptiveField(presets.nsynth)).toBe(6141);
  });
});
