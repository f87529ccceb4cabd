import { breathe } from '@gansynth/common/breathe';
import type { WaveNetConfig } from '../config/wavenet-config.js';
import type { WaveNetModel } from '../model/wavenet-model.js';
import { convolutionOf } from '../network/weights.js';
import { packMatrix, type Place } from './pack-matrix.js';
import type { Packed, QueueLayout } from './queue-layout.js';

/** A convolution's values: kernel [taps, inputs, outputs] row by row, biases [outputs]. */
interface Values {
  readonly kernel: Float32Array;
  readonly biases: Float32Array;
}

/**
 * Writes a model's weights into a sampler's memory, packed. Zeros are there already. Events are let through after each layer.
 *
 * @throws the signal's reason when aborted
 */
export async function packWeights(
  model: WaveNetModel,
  layout: QueueLayout,
  memory: ArrayBufferLike,
  signal?: AbortSignal,
): Promise<void> {
  const { width, skipWidth, kernelLength } = model.config;
  const read = async (name: string): Promise<Values> => {
    const { kernel, biases } = convolutionOf(model.weights, name);
    return { kernel: await kernel.data<'float32'>(), biases: await biases.data<'float32'>() };
  };
  /** Both biases of a convolution and of what conditions it; of the latter also what it is multiplied by. */
  const packCondition = async ({ biases }: Values, name: string, to: Packed, place?: Place): Promise<void> => {
    const own = layout.channels > 0 ? await read(name) : null;
    packMatrix(memory, to, {
      kernel: own?.kernel ?? new Float32Array(),
      inputs: layout.channels,
      biases: own ? biases.map((bias, output) => bias + own.biases[output]!) : biases,
      ...(place && { place }),
    });
  };
  const pack = async (name: string, to: Packed, inputs: number): Promise<void> =>
    packMatrix(memory, to, { ...(await read(name)), inputs });

  await pack('startconv', layout.start, kernelLength);
  await pack('skip_start', layout.skipStart, width);
  // Gates first, then signals; each half rounded up by itself.
  const half: Place = (output) => (output < width ? output : layout.width + output - width);
  for (const [index, layer] of layout.layers.entries()) {
    await breathe(signal);
    const number = index + 1;
    const dilated = await read(`dilatedconv_${number}`);
    const each = dilated.kernel.length / kernelLength;
    for (const [tap, to] of layer.taps.entries())
      packMatrix(memory, to, { kernel: dilated.kernel.subarray(tap * each, (tap + 1) * each), inputs: width, place: half });
    await packCondition(dilated, `cond_map_${number}`, layer.condition, half);
    if (layer.residual) await pack(`res_${number}`, layer.residual, width);
    await pack(`skip_${number}`, layer.skips, width);
  }
  const head = await read('out1');
  packMatrix(memory, layout.out1, { kernel: head.kernel, inputs: skipWidth });
  await packCondition(head, 'cond_map_out1', layout.out1Condition);
  await pack('logits', layout.logits, skipWidth);
}

const million = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;

/** Bytes a sampler's memory takes, in words for messages. */
export function memoryArithmetic(config: WaveNetConfig, layout: QueueLayout): string {
  return (
    `${million(layout.weightBytes)} of weights and ${layout.tiles} x ${million(layout.tileBytes)} of state ` +
    `(${layout.tiles * layout.lanes} notes of ${config.layers} layers)`
  );
}
