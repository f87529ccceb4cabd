import { describeOnBackends, expectClose, readGolden } from '@gansynth/test-kit';
import { lossAndGradients } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { goldenTensor, goldenValues } from '../test-support/golden.js';
import { drawCode, drawLogistics, drawSample16, gumbelNoise, logisticNoise } from './draw.js';
import { logisticMixtureLosses, type LogisticMixtureOptions } from './logistic-mixture.js';

interface MixtureCase {
  readonly num_classes: number;
  readonly log_scale_min: number;
  readonly file: string;
  readonly grad_file: string;
}
const { cases } = readGolden<{ cases: MixtureCase[] }>('wavenet/mol/mol.json');
const name = (file: string): string => `mol/${file.replace('.npy', '')}`;
const original = ({ num_classes: classes, log_scale_min: floor }: MixtureCase): LogisticMixtureOptions => ({
  logScaleFloor: floor,
  halfBin: 1 / (classes - 1),
  edges: [-0.999, 0.999],
  tails: 'density',
});

const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));

/** Oracle in double precision. */
function exactLoss(parameters: ArrayLike<number>, at: number, mixtures: number, x: number, floor: number): number {
  const h = 2 ** -16;
  let [all, weighted] = [0, 0];
  for (let k = 0; k < mixtures; k++) {
    const weight = Math.exp(parameters[at + k]!);
    const scale = Math.exp(Math.max(floor, parameters[at + 2 * mixtures + k]!));
    const [u, l] = [(x + h - parameters[at + mixtures + k]!) / scale, (x - h - parameters[at + mixtures + k]!) / scale];
    const p = x < -1 + h ? sigmoid(u) : x > 1 - 3 * h ? sigmoid(-l) : sigmoid(u) * sigmoid(-l) * -Math.expm1(l - u);
    all += weight;
    weighted += weight * p;
  }
  return Math.log(all) - Math.log(weighted);
}

describeOnBackends('mixtures of logistics', () => {
  it.each(cases)('cost what they cost the original, with its gradient: $num_classes classes, floor $log_scale_min', (one) => {
    const target = goldenTensor('mol/target') as tf.Tensor2D;
    const parameters = tf.tidy(() => tf.variable(goldenTensor('mol/params')));
    const losses = logisticMixtureLosses(parameters as tf.Tensor as tf.Tensor3D, target, original(one));
    const [mine, theirs] = [losses.dataSync(), goldenValues(name(one.file)).data];
    // The golden numbers' README: the original takes a difference of two nearly equal numbers, at worst 2e-2, 5e-3 for 256 classes.
    for (const [index, value] of theirs.entries())
      expect(Math.abs(mine[index]! - value)).toBeLessThan((one.num_classes === 256 ? 5e-3 : 2e-2) + 1e-5 * Math.abs(value));
    const errors = [...mine].map((value, index) => Math.abs(value - theirs[index]!)).sort((a, b) => a - b);
    expect(errors[48]).toBeLessThan(1e-4);
    const { loss, gradients } = lossAndGradients(
      () => tf.sum(logisticMixtureLosses(parameters as tf.Tensor as tf.Tensor3D, target, original(one))) as tf.Scalar,
      [parameters],
    );
    const gradient = gradients[0]!.dataSync();
    expect([...gradient].every(Number.isFinite)).toBe(true);
    const wanted = goldenValues(name(one.grad_file)).data;
    for (let step = 0; step < 96; step++) {
      const part = wanted.subarray(step * 30, (step + 1) * 30);
      // Near 1e-5 the original's difference of sigmoids is known to a hundredth. At step 21 losses are 3e5, where neighbouring float32 numbers
      // are 3e-2 apart: no more is known of the logistics' shares.
      const relative = step % 48 === 21 ? 4e-2 : 1.5e-2;
      expectClose(gradient.subarray(step * 30, (step + 1) * 30), part, { relative, absolute: 3e-3, label: `step ${step}` });
    }
    tf.dispose([target, parameters, losses, loss, ...(gradients as tf.Tensor[])]);
  });

  it('are exact to the last edge by default, and sum to one over the levels of 16-bit audio', () => {
    const parameters = goldenTensor('mol/params') as tf.Tensor3D;
    const values = parameters.dataSync();
    const target = tf.tidy(() => tf.maximum(tf.minimum(goldenTensor('mol/target'), 1 - 2 ** -15), -1)) as tf.Tensor2D;
    const x = target.dataSync();
    const losses = logisticMixtureLosses(parameters, target).dataSync();
    for (const [index, loss] of losses.entries()) {
      const exact = exactLoss(values, index * 30, 10, x[index]!, -7);
      if (Number.isFinite(exact)) expect(Math.abs(loss - exact)).toBeLessThan(1e-4 + 1e-5 * exact);
    }
    const levels = tf.tensor2d(
      Float32Array.from({ length: 65_536 }, (_, index) => (index - 32_768) / 32_768),
      [1, 65_536],
    );
    const same = tf.tile(tf.slice(parameters, [0, 30, 0], [1, 1, 30]), [1, 65_536, 1]);
    const all = logisticMixtureLosses(same, levels);
    const total = Float64Array.from(all.dataSync()).reduce((sum, value) => sum + Math.exp(-value), 0);
    expect(total).toBeCloseTo(1, 4);
    tf.dispose([parameters, target, levels, same, all]);
  });
});

describe('drawing', () => {
  it('draws from mixtures as the original, with and without a floor', () => {
    const { data } = goldenValues('mol/params');
    const [component, logistic] = ['uniform_component', 'uniform_logistic'].map((each) => goldenValues(`mol/${each}`).data) as [
      Float32Array,
      Float32Array,
    ];
    for (const [file, floor] of [
      ['sample_clamped', -7],
      ['sample_unclamped', Number.NEGATIVE_INFINITY],
    ] as const) {
      const mine = Array.from({ length: 96 }, (_, index) => {
        const gumbel = Array.from(component.slice(index * 10, (index + 1) * 10), gumbelNoise);
        return drawLogistics(data, gumbel, logisticNoise(logistic[index]!), floor, index * 30);
      });
      expectClose(mine, goldenValues(`mol/${file}`).data, { absolute: 1e-5, label: file });
    }
  });

  it('draws what 16-bit audio can hold', () => {
    const loud = [0, 5, -7];
    expect(drawSample16(loud, [0], 0, -7)).toBe(1 - 2 ** -15);
    expect(drawSample16([0, -5, -7], [0], 0, -7)).toBe(-1);
    expect(drawSample16([0, 0.1, -7], [0], 0, -7)).toBe(Math.round(0.1 * 32_768) / 32_768);
  });

  it('draws the first code that the sum reaches, and the last where rounding leaves it short', () => {
    const logits = new Float32Array(256);
    expect(drawCode(logits, 0)).toBe(-128);
    expect(drawCode(logits, 0.5)).toBe(-1);
    expect(drawCode(logits, 0.501)).toBe(0);
    expect(drawCode(logits, 2)).toBe(127);
    logits[200] = 100;
    expect(drawCode(logits, 0.3)).toBe(72);
  });
});
