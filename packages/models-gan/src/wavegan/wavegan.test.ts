import { describeOnBackends, expectClose, fillingRule, readGolden, readGoldenNpy, type BackendName } from '@gansynth/test-kit';
import { batchGradients, registerSecondOrderGradients } from '@gansynth/training';
import '@gansynth/training/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../errors.js';
import { mixImages, slopes } from '../gan/gradient-penalty.js';
import { lossConfig } from '../gan/loss-config.js';
import { product } from '../progressive/operations/operation.js';
import type { Weights } from '../progressive/network/tensor-graph.js';
import { phaseShuffle } from './phase-shuffle.js';
import { waveGanConfig, type WaveGanConfig } from './wavegan-config.js';
import { waveGanCriticTerms, waveGanGeneratorTerms } from './wavegan-losses.js';
import { waveGanCritic, waveGanGenerator } from './wavegan-networks.js';
import { waveGanVariables } from './wavegan-variables.js';

const load = (path: string): tf.Tensor => {
  const { data, shape } = readGoldenNpy(`wavegan/${path}.npy`);
  return tf.tensor(data as Float32Array, [...shape]);
};

interface Terms {
  readonly d_real: number[];
  readonly d_fake: number[];
  readonly d_interp: number[];
  readonly slopes: number[];
  readonly gradient_penalty: number;
  readonly g_loss: number;
  readonly d_loss: number;
  readonly g_loss_gradient_norms: Record<string, number>;
  readonly d_loss_gradient_norms: Record<string, number>;
}

interface GoldenCase {
  readonly slice_len: WaveGanConfig['samples'];
  readonly dim: number;
  readonly upsample: 'zeros' | 'nn';
  readonly variables: { readonly name: string; readonly shape: number[]; readonly k: number; readonly fill_scale: number }[];
  readonly num_generator_parameters: number;
  readonly num_discriminator_parameters: number;
  readonly phase_shuffle_offsets_layers_0_to_3: { readonly real: number[]; readonly fake: number[]; readonly interp: number[] };
  readonly noshuffle: Terms;
  readonly shuffle: Terms;
}

const judge = (weights: Weights, config: WaveGanConfig, sound: tf.Tensor4D, offsets: number[]): ArrayLike<number> =>
  waveGanCritic(weights, config, sound, offsets).score.dataSync();
const weight = ({ k, shape, fill_scale: scale }: GoldenCase['variables'][number]): tf.Tensor =>
  tf.tensor(fillingRule(product(shape), k, scale), shape);
const none = (): tf.Tensor2D => tf.zeros([1, 0]);
const count = (network: 'generator' | 'critic', config: WaveGanConfig): number =>
  waveGanVariables(network, config).reduce((sum, { shape }) => sum + product(shape), 0);

function open(name: string): { info: GoldenCase; config: WaveGanConfig } {
  const info = readGolden<GoldenCase>(`wavegan/${name}/case.json`);
  const upsampling = info.upsample === 'nn' ? 'nearest' : 'zeros';
  return { info, config: waveGanConfig({ samples: info.slice_len, dim: info.dim, upsampling }) };
}

function norms(
  network: 'generator' | 'critic',
  config: WaveGanConfig,
  gradients: readonly (tf.Tensor | null)[],
): [string, number][] {
  return waveGanVariables(network, config).map(({ name }, index) => [
    name,
    tf.tidy(() => (gradients[index] ? tf.norm(gradients[index] as tf.Tensor).dataSync()[0]! : 0)),
  ]);
}

function checkCase(name: string, backend: BackendName): void {
  const { info, config } = open(name);
  const losses = lossConfig({ driftWeight: 0, generatorPitchWeight: 0, criticPitchWeight: 0 });

  // The golden numbers' README: 1e-5 on sound and scores.
  it('gives the sound of the original', () => {
    tf.tidy(() => {
      const weights = Object.fromEntries(info.variables.map((variable) => [variable.name, weight(variable)]));
      const sound = waveGanGenerator(weights, config, load(`${name}/z`) as tf.Tensor2D, none());
      expectClose(sound.dataSync(), load(`${name}/generated`).dataSync(), { absolute: 1e-5 });
    });
  });

  // The plain cpu backend takes seconds for each.
  const tags = backend === 'cpu' ? (['shuffle'] as const) : (['noshuffle', 'shuffle'] as const);
  it.each(tags)('gives its scores, slopes, losses and gradients: %s', async (tag) => {
    const expected = info[tag];
    const offsets = tag === 'shuffle' ? info.phase_shuffle_offsets_layers_0_to_3 : { real: [], fake: [], interp: [] };
    const weights = Object.fromEntries(
      info.variables.map((variable) => [variable.name, tf.tidy(() => tf.variable(weight(variable)))]),
    );
    const variables = (network: 'generator' | 'critic'): tf.Variable[] =>
      waveGanVariables(network, config).map((variable) => weights[variable.name]!);
    const [z, mixing] = [load(`${name}/z`) as tf.Tensor2D, load(`${name}/gp_alpha`) as tf.Tensor1D];
    const [real, generated] = tf.tidy(() => [
      tf.reshape(load(`${name}/real`), [z.shape[0], config.samples, 1, 1]) as tf.Tensor4D,
      tf.clone(waveGanGenerator(weights, config, z, none())),
    ]) as [tf.Tensor4D, tf.Tensor4D];

    tf.tidy(() => {
      expectClose(judge(weights, config, real, offsets.real), expected.d_real, { absolute: 2e-5, label: 'score of real' });
      expectClose(judge(weights, config, generated, offsets.fake), expected.d_fake, {
        absolute: 2e-5,
        label: 'score of generated',
      });
      const mixed = mixImages(real, generated, mixing);
      expectClose(judge(weights, config, mixed, offsets.interp), expected.d_interp, { absolute: 2e-5, label: 'score of mixed' });
      const steep = slopes((sound) => waveGanCritic(weights, config, sound, offsets.interp).score, mixed);
      expectClose(steep.dataSync(), expected.slopes, { relative: 1e-5, label: 'slopes' });
    });

    const whole = { name: 'both', batchSize: z.shape[0], microBatchSize: null };
    const ofCritic = await batchGradients(variables('critic'), whole, () =>
      waveGanCriticTerms(
        weights,
        config,
        {
          real,
          realPitch: none(),
          generated,
          mixing,
          offsets: { real: offsets.real, generated: offsets.fake, mixed: offsets.interp },
        },
        losses,
      ),
    );
    const ofGenerator = await batchGradients(variables('generator'), whole, () =>
      waveGanGeneratorTerms(weights, config, { latent: z, pitch: none(), offsets: offsets.fake }, losses),
    );
    for (const [label, found, wanted] of [
      ['penalty', ofCritic.losses.penalty, expected.gradient_penalty],
      ["critic's loss", ofCritic.losses.total, expected.d_loss],
      ["generator's loss", ofGenerator.losses.total, expected.g_loss],
    ] as const)
      expectClose([found], [wanted], { relative: 1e-5, label });
    for (const [variable, norm] of [
      ...norms('critic', config, ofCritic.gradients),
      ...norms('generator', config, ofGenerator.gradients),
    ]) {
      const wanted = (expected.d_loss_gradient_norms[variable] ?? expected.g_loss_gradient_norms[variable])!;
      // 1e-4 as the README says; the score's bias has a gradient of exactly 0 that rounding may miss.
      expect(Math.abs(norm - wanted), `${backend}: gradient of ${variable}: ${norm} for ${wanted}`).toBeLessThan(
        1e-4 * wanted + 1e-5,
      );
    }
    tf.dispose([real, generated, z, mixing, weights, ofCritic.gradients, ofGenerator.gradients] as tf.TensorContainer);
  });
}

describe('WaveGAN of the original', () => {
  registerSecondOrderGradients();

  it.each(['len16384', 'len16384_nn', 'len32768', 'len65536'])('%s has its variables, name, shape and number', (name) => {
    const { info, config } = open(name);
    const own = (['critic', 'generator'] as const).flatMap((network) => waveGanVariables(network, config));
    expect(own.map((variable) => `${variable.name} [${variable.shape}]`)).toEqual(
      info.variables.map((variable) => `${variable.name} [${variable.shape}]`),
    );
    expect(count('generator', config)).toBe(info.num_generator_parameters);
    expect(count('critic', config)).toBe(info.num_discriminator_parameters);
  });

  // The long cases only where a step takes no seconds.
  describeOnBackends('numbers', (backend) => {
    const names = backend === 'cpu' ? ['len16384'] : ['len16384', 'len16384_nn', 'len32768', 'len65536'];
    for (const name of names) describe(name, () => checkCase(name, backend));
  });

  describeOnBackends('phaseShuffle', () => {
    it.each([-2, -1, 0, 1, 2])('by %i samples moves and reflects as the original', (offset) => {
      tf.tidy(() => {
        const x = tf.expandDims(load('phase_shuffle/x'), 2) as tf.Tensor4D;
        const expected = load(`phase_shuffle/out_offset_${offset}`).dataSync();
        expect([...phaseShuffle(x, offset).dataSync()]).toEqual([...expected]);
      });
    });
  });
});

describe('waveGanConfig', () => {
  it('has by default the size of the original at 65,536 samples', () => {
    expect(count('generator', waveGanConfig())).toBe(73_149_953);
    expect(count('critic', waveGanConfig())).toBe(69_875_201);
  });

  it('adds the pitches to the generator input and a head to the critic', () => {
    const pitches = Array.from({ length: 61 }, (_, index) => 24 + index);
    const added = (network: 'generator' | 'critic'): number =>
      count(network, waveGanConfig({ pitches })) - count(network, waveGanConfig());
    expect(added('generator')).toBe(61 * 16 * 2048);
    expect(added('critic')).toBe(61 * 16 * 2048 + 61);
  });

  it.each([
    [{ samples: 64_000 }],
    [{ dim: 0 }],
    [{ phaseShuffle: -1 }],
    [{ phaseShuffle: 300 }],
    [{ pitches: [60, 60] }],
    [{ upsampling: 'linear' }],
  ])('refuses %o', (options) => {
    expect(() => waveGanConfig(options as Partial<WaveGanConfig>)).toThrow(ConfigError);
  });
});
