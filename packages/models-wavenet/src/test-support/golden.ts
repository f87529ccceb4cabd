import { readGolden, readGoldenNpy } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { waveNetConfig, type WaveNetConfig } from '../config/wavenet-config.js';
import { waveNetVariables } from '../network/variables.js';

/** What is known of the tiny NSynth that the golden numbers were computed with. */
export interface GoldenDecoder {
  readonly num_stages: number;
  readonly num_layers: number;
  readonly width: number;
  readonly skip_width: number;
  readonly encoding_channels: number;
  readonly hop: number;
  readonly length: number;
  readonly batch: number;
  readonly prime_steps: number;
  readonly loss_mean_nll_given_encoding: number;
  readonly loss_with_own_encoder: number;
  readonly encoder: { readonly ae_num_stages: number; readonly ae_num_layers: number; readonly ae_width: number };
  readonly grad_flat_layout: readonly { readonly name: string; readonly shape: readonly number[]; readonly offset: number }[];
}

export const goldenDecoder = (): GoldenDecoder => readGolden<GoldenDecoder>('wavenet/decoder/decoder.json');

/** An array of the golden numbers of the tiny NSynth, as plain numbers. */
export function goldenValues(name: string): { readonly shape: readonly number[]; readonly data: Float32Array } {
  const { shape, data } = readGoldenNpy(`wavenet/${name}.npy`);
  return { shape, data: Float32Array.from(data as ArrayLike<number>) };
}

/** The same as a tensor. */
export function goldenTensor(name: string): tf.Tensor {
  const { shape, data } = goldenValues(name);
  return tf.tensor(data, [...shape]);
}

export function goldenConfig(info: GoldenDecoder = goldenDecoder()): WaveNetConfig {
  const { encoder, num_layers: layers, num_stages: cycle, width, skip_width: skipWidth, encoding_channels: channels, hop } = info;
  return waveNetConfig({
    layers,
    cycle,
    width,
    skipWidth,
    conditioning: {
      kind: 'frames',
      channels,
      hop,
      encoder: { layers: encoder.ae_num_layers, cycle: encoder.ae_num_stages, width: encoder.ae_width },
    },
  });
}

/** The tiny NSynth's variables by name. */
export const goldenWeights = (config: WaveNetConfig): Record<string, { shape: readonly number[]; data: Float32Array }> =>
  Object.fromEntries(
    waveNetVariables(config).map(({ name }) => [name, goldenValues(`decoder/weights/${name.replace('/', '~')}`)]),
  );
