import '@gansynth/training/wasm';
import { describeOnBackends, expectClose } from '@gansynth/test-kit';
import { boxUpscale, lossAndGradients } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { scaleFactors } from '../config.js';
import { blendImages } from '../network/blend-images.js';
import { critic } from '../network/critic.js';
import { canvasBlock, canvasBoxArea } from '../network/stage-shape.js';
import { tensorGraph } from '../network/tensor-graph.js';
import * as golden from '../../test-support/golden.js';
import { criticTerms, generateImages, generatorTerms, type Networks } from './gan-losses.js';
import { gradientPenalty, mixImages, slopes } from '../../gan/gradient-penalty.js';
import { lossConfig } from '../../gan/loss-config.js';
import { oneHotLabels } from '../../gan/pitch-loss.js';

/** Gradients as arrays by name; a variable that the loss does not reach has a gradient of zeros. */
function gradientsByName(
  loss: () => tf.Scalar,
  weights: Record<string, tf.Tensor>,
  names: string[],
): Record<string, Float32Array> {
  const { gradients } = lossAndGradients(
    loss,
    names.map((name) => weights[name]!),
  );
  return Object.fromEntries(
    names.map((name, index) => [
      name,
      (gradients[index]?.dataSync() as Float32Array | undefined) ?? new Float32Array(weights[name]!.size),
    ]),
  );
}

const value = (x: tf.Tensor): number => x.dataSync()[0]!;

function setUp(name: string, dir: string) {
  const info = golden.readCase(dir);
  const config = golden.goldenNetwork(name);
  const networks: Networks = {
    config,
    growth: { blocks: info.num_blocks, progress: info.progress },
    weights: golden.goldenWeights(name),
  };
  const pitches = config.pitches.length;
  const fakes = {
    latent: golden.tensor(`${dir}/z`) as tf.Tensor2D,
    pitch: oneHotLabels(golden.labels(`${dir}/fake_label_index`), pitches),
  };
  const generated = generateImages(networks, fakes);
  const batch = {
    real: blendImages(config, networks.growth, golden.tensor(`${dir}/real`) as tf.Tensor4D),
    realPitch: oneHotLabels(golden.labels(`${dir}/real_label_index`), pitches),
    generated,
    generatedPitch: fakes.pitch,
    mixing: tf.reshape(golden.tensor(`${dir}/gp_alpha`), [-1]) as tf.Tensor1D,
  };
  const original = golden.originalConfig(name);
  const losses = lossConfig({
    generatorPitchWeight: original.generator_ac_loss_weight,
    criticPitchWeight: original.discriminator_ac_loss_weight,
    penaltyWeight: original.gradient_penalty_weight,
    penaltyTarget: original.gradient_penalty_target,
    driftWeight: original.real_score_penalty_weight,
  });
  return { info, networks, fakes, batch, losses };
}

describe('losses of the original', () => {
  describeOnBackends('losses', () => {
    const cases = golden.goldenConfigNames.flatMap((name) => golden.goldenCases(name).map(({ dir }) => ({ name, dir })));

    // Single precision: losses and slopes 1e-4, gradients 5e-4 of the largest entry of a variable (measured against double precision by
    // the original's authors of these vectors: 1e-6 and 1e-4).
    test.each(cases)('$dir: every term, slope and gradient is that of the original', ({ name, dir }) => {
      tf.tidy(() => {
        const { info, networks, fakes, batch, losses } = setUp(name, dir);
        const ofGenerator = generatorTerms(networks, fakes, losses);
        const ofCritic = criticTerms(networks, batch, losses);
        const found = {
          wasserstein_generator: value(ofGenerator.wasserstein),
          fake_ac_unweighted: value(ofGenerator.pitch),
          generator_total: value(ofGenerator.total),
          wasserstein_discriminator: value(ofCritic.wasserstein),
          gradient_penalty_unweighted: value(ofCritic.penalty),
          real_ac_unweighted: value(ofCritic.pitch),
          discriminator_total: value(ofCritic.total),
        };
        for (const [term, expected] of Object.entries(info.loss_terms)) {
          if (term in found)
            expectClose([found[term as keyof typeof found]], [expected], { absolute: 1e-5, relative: 1e-4, label: term });
        }

        const score = (x: tf.Tensor4D): tf.Tensor =>
          critic(tensorGraph(networks.weights), networks.config, networks.growth, { image: x }).score;
        const mixed = mixImages(batch.real, batch.generated, batch.mixing);
        const area = canvasBoxArea(networks.config, networks.growth);
        expectClose(slopes(score, mixed, area).dataSync(), golden.array(`${dir}/gp_slopes`), { relative: 1e-4, label: 'slopes' });
        const toFull = scaleFactors(networks.config, networks.config.blocks - canvasBlock(networks.config, networks.growth));
        const gradient = boxUpscale(tf.div(tf.grad((x) => tf.sum(score(x as tf.Tensor4D)))(mixed), area) as tf.Tensor4D, toFull);
        expectClose(gradient.dataSync(), golden.array(`${dir}/gp_input_gradient`), { relative: 5e-4, label: 'input gradient' });

        const weights = networks.weights as Record<string, tf.Tensor>;
        for (const [loss, layout, flat] of [
          [() => generatorTerms(networks, fakes, losses).total, info.generator_flat_layout, 'generator_total'],
          [() => criticTerms(networks, batch, losses).total, info.discriminator_flat_layout, 'discriminator_total'],
          [
            () => tf.mul(gradientPenalty(score, mixed, losses, area), losses.penaltyWeight) as tf.Scalar,
            info.discriminator_flat_layout,
            'gradient_penalty_weighted',
          ],
        ] as const) {
          const expected = golden.unflatten(golden.array(`${dir}/grad_${flat}_flat`), layout);
          const actual = gradientsByName(loss, weights, Object.keys(expected));
          let squares = 0;
          for (const [variable, array] of Object.entries(expected)) {
            expectClose(actual[variable]!, array, {
              absolute: 1e-6,
              relative: 5e-4,
              label: `${flat} ${variable}`,
            });
            squares += actual[variable]!.reduce((sum, x) => sum + x * x, 0);
          }
          expectClose([Math.sqrt(squares)], [info.gradient_norms[flat]!], { relative: 1e-4, label: `norm of ${flat}` });
        }
      });
    });

    test('the exact derivative of the minibatch standard deviation gives another penalty gradient', () => {
      tf.tidy(() => {
        const { networks, batch, losses, info } = setUp('prog4', 'prog4/stage04');
        const exact = { ...networks, config: { ...networks.config, stddevGradient: 'exact' as const } };
        const names = info.discriminator_flat_layout.map((slice) => slice.name);
        const norm = (used: Networks): number => {
          const gradients = gradientsByName(
            () => criticTerms(used, batch, { ...losses, criticPitchWeight: 0, driftWeight: 0 }).penalty,
            networks.weights as Record<string, tf.Tensor>,
            names,
          );
          return losses.penaltyWeight * Math.hypot(...Object.values(gradients).map((array) => Math.hypot(...array)));
        };
        // Both norms are recorded with the reference values (negative_control.json), to 4 digits here.
        expect(norm(networks)).toBeCloseTo(0.6319, 3);
        expect(norm(exact)).toBeCloseTo(0.5467, 3);
      });
    });
  });
});
