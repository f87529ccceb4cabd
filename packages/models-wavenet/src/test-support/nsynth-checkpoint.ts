import { crc32c, maskCrc } from '@gansynth/common/crc32c';
import type { StoredVariable } from '@gansynth/test-kit';
import type { WaveNetConfig } from '../config/wavenet-config.js';
import { waveNetVariables } from '../network/variables.js';

/** As TensorFlow's files have it. */
export const checksumOf = (bytes: Uint8Array): number => maskCrc(crc32c(bytes));

/** All that a checkpoint of the NSynth autoencoder holds: weights, their averages, what Adam remembers, the step. */
export function checkpointVariables(
  config: WaveNetConfig,
  values: (name: string) => Float32Array | null = () => null,
  steps = 200_000,
): StoredVariable[] {
  const float = (name: string, shape: readonly number[]): StoredVariable => {
    const data = values(name);
    return { name, dtype: 'float32', shape, bytes: data && new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
  };
  return [
    ...waveNetVariables(config).flatMap(({ name, shape, trainable }) => [
      float(name, shape),
      float(`${name}/ExponentialMovingAverage`, shape),
      ...(trainable ? [float(`${name}/Adam`, shape), float(`${name}/Adam_1`, shape)] : []),
    ]),
    float('beta1_power', []),
    float('beta2_power', []),
    { name: 'global_step', dtype: 'int32', shape: [], bytes: new Uint8Array(Int32Array.of(steps).buffer) },
  ];
}
