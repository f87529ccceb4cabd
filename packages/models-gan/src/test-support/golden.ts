import { readGolden, readGoldenNpy } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { networkConfig, type Affine, type NetworkConfig } from '../progressive/config.js';

const folder = 'networks';

interface OriginalConfig {
  readonly train_progressive: boolean;
  readonly generator_learning_rate: number;
  readonly generator_ac_loss_weight: number;
  readonly discriminator_ac_loss_weight: number;
  readonly gradient_penalty_weight: number;
  readonly gradient_penalty_target: number;
  readonly real_score_penalty_weight: number;
  readonly kernel_size: number | [number, number];
  readonly data_normalizer: string;
  readonly start_height: number;
  readonly start_width: number;
  readonly scale_base: number;
  readonly scale_mode: 'ALL' | 'H';
  readonly num_resolutions: number;
  readonly fmap_base: number;
  readonly fmap_decay: number;
  readonly fmap_max: number;
  readonly latent_vector_size: number;
  readonly golden_num_pitches: number;
  readonly to_rgb_activation: 'tanh' | 'linear';
  readonly simple_arch: boolean;
}

interface Slice {
  readonly name: string;
  readonly shape: number[];
  readonly offset: number;
}

export interface GoldenCase {
  readonly stage_id: number;
  readonly num_blocks: number;
  readonly progress: number;
  readonly batch_size: number;
  readonly loss_terms: Record<string, number>;
  readonly gradient_norms: Record<string, number>;
  readonly generator_flat_layout: Slice[];
  readonly discriminator_flat_layout: Slice[];
  readonly after_flat_layout: Slice[];
  readonly warm_initial_optimizer_slots_layout: Slice[];
  readonly iterations: Record<
    'fresh' | 'warm',
    { G_terms_before: Record<string, number>; D_terms_before: Record<string, number> }[]
  >;
}

interface Index {
  readonly configs: Record<
    string,
    {
      readonly config: OriginalConfig;
      readonly cases: { readonly dir: string; readonly has_iterations: boolean }[];
      readonly variables: { readonly name: string; readonly shape: number[]; readonly file: string }[];
    }
  >;
}

let index: Index | undefined;
const goldenIndex = (): Index => (index ??= readGolden<Index>(`${folder}/index.json`));

export const goldenConfigNames = ['prog4', 'base3', 'nonprog', 'waveH', 'waveH_k3', 'simple'] as const;

export const originalConfig = (name: string): OriginalConfig => goldenIndex().configs[name]!.config;

/** The constants of the original's default normaliser. */
export const prespecified: Affine = { scale: [[0.0661371661726, 0.8]], offset: [[0.113718730221, 0]] };

export function goldenNetwork(name: string): NetworkConfig {
  const original = originalConfig(name);
  const kernel = original.kernel_size;
  return networkConfig({
    latentSize: original.latent_vector_size,
    pitches: Array.from({ length: original.golden_num_pitches }, (_, pitch) => pitch),
    start: [original.start_height, original.start_width],
    scaleBase: original.scale_base,
    scaleMode: original.scale_mode === 'ALL' ? 'both' : 'height',
    blocks: original.num_resolutions,
    filters: { base: original.fmap_base, decay: original.fmap_decay, max: original.fmap_max },
    kernelSize: typeof kernel === 'number' ? [kernel, kernel] : kernel,
    toRgbActivation: original.to_rgb_activation,
    architecture: original.simple_arch ? 'simple' : 'equalised',
    normaliser: original.data_normalizer === 'none' ? null : prespecified,
  });
}

export const goldenCases = (name: string): readonly { dir: string; has_iterations: boolean }[] =>
  goldenIndex().configs[name]!.cases;

export const goldenVariables = (name: string): Index['configs'][string]['variables'] => goldenIndex().configs[name]!.variables;

export const readCase = (dir: string): GoldenCase => readGolden<GoldenCase>(`${folder}/${dir}/case.json`);

export const array = (path: string): Float32Array => readGoldenNpy(`${folder}/${path}.npy`).data as Float32Array;

export function tensor(path: string): tf.Tensor {
  const { data, shape } = readGoldenNpy(`${folder}/${path}.npy`);
  return tf.tensor(data as Float32Array, [...shape]);
}

/** Labels as class indices. */
export const labels = (path: string): Int32Array => Int32Array.from(readGoldenNpy(`${folder}/${path}.npy`).data);

/** All weights of a configuration, by name. */
export function goldenWeights(name: string): Record<string, tf.Tensor> {
  return Object.fromEntries(
    goldenVariables(name).map((variable) => [variable.name, tensor(variable.file.replace(/\.npy$/, ''))]),
  );
}

/** Cuts a flat array into named parts. */
export function unflatten(flat: Float32Array, layout: readonly Slice[]): Record<string, Float32Array> {
  return Object.fromEntries(
    layout.map(({ name, shape, offset }) => [name, flat.slice(offset, offset + shape.reduce((a, b) => a * b, 1))]),
  );
}
