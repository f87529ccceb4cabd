import { breathe } from '@gansynth/common/breathe';
import type { WaveNetConfig } from '../config/wavenet-config.js';
import type { WaveNetModel } from '../model/wavenet-model.js';
import { convolutionOf } from '../network/weights.js';
import type { Packed, QueueLayout } from './queue-layout.js';

/** A convolution's values: kernel [taps, inputs, outputs] row by row, biases [outputs]. */
interface Values {
  readonly kernel: Float32Array;
  readonly biases: Float32Array;
}

/** Where an output of a convolution stands among those of the packed matrix. */
type Place = (output: number) => number;

const asItIs: Place = (output) => output;

/**
 * Writes a model's weights into a sampler's memory, packed. Zeros are there already. Events are let through after each layer.
 *
 * @throws the signal's reason when aborted
 */
export async function packWeights(
  model: WaveNetModel,
  layout: QueueLayout,
  memory: Float32Array,
  signal?: AbortSignal,
): Promise<void> {
  const { width, skipWidth, kernelLength } = model.config;
  const read = async (name: string): Promise<Values> => {
    const { kernel, biases } = convolutionOf(model.weights, name);
    return { kernel: await kernel.data<'float32'>(), biases: await biases.data<'float32'>() };
  };
  /** Both biases of a convolution and of what conditions it; of the latter also what it is multiplied by. */
  const packCondition = async ({ biases }: Values, name: string, to: Packed, place: Place): Promise<void> => {
    const { channels } = layout;
    const own = channels > 0 ? await read(name) : null;
    if (own) packRows(memory, to, own.kernel, { inputs: channels, place });
    packRow(memory, to, channels, own ? biases.map((bias, output) => bias + own.biases[output]!) : biases, place);
  };

  const start = await read('startconv');
  packRows(memory, layout.start, start.kernel, { inputs: kernelLength });
  packRow(memory, layout.start, kernelLength, start.biases);
  const pointwise = async (name: string, to: Packed, inputs: number, biasRow: number): Promise<void> => {
    const { kernel, biases } = await read(name);
    packRows(memory, to, kernel, { inputs });
    packRow(memory, to, biasRow, biases);
  };
  await pointwise('skip_start', layout.skipStart, width, layout.width);
  // Gates first, then signals; each half rounded up by itself.
  const half: Place = (output) => (output < width ? output : layout.width + output - width);
  for (const [index, layer] of layout.layers.entries()) {
    await breathe(signal);
    const number = index + 1;
    const dilated = await read(`dilatedconv_${number}`);
    const each = dilated.kernel.length / kernelLength;
    for (const [tap, packed] of layer.taps.entries())
      packRows(memory, packed, dilated.kernel.subarray(tap * each, (tap + 1) * each), { inputs: width, place: half });
    await packCondition(dilated, `cond_map_${number}`, layer.condition, half);
    if (layer.residual) await pointwise(`res_${number}`, layer.residual, width, layout.width);
    await pointwise(`skip_${number}`, layer.skips, width, layout.width);
  }
  const head = await read('out1');
  packRows(memory, layout.out1, head.kernel, { inputs: skipWidth });
  await packCondition(head, 'cond_map_out1', layout.out1Condition, asItIs);
  await pointwise('logits', layout.logits, skipWidth, layout.skip);
}

/** Rows of a matrix [inputs, outputs]. */
function packRows(
  memory: Float32Array,
  { address, inputs: rows, panel }: Packed,
  kernel: Float32Array,
  { inputs, place = asItIs }: { readonly inputs: number; readonly place?: Place },
): void {
  const outputs = kernel.length / inputs;
  const columns = Int32Array.from({ length: outputs }, (_, output) => {
    const column = place(output);
    return address / 4 + Math.floor(column / panel) * rows * panel + (column % panel);
  });
  for (let input = 0, from = 0; input < inputs; input++)
    for (let output = 0; output < outputs; output++) memory[columns[output]! + input * panel] = kernel[from++]!;
}

function packRow(
  memory: Float32Array,
  { address, inputs, panel }: Packed,
  row: number,
  values: Float32Array,
  place = asItIs,
): void {
  for (const [output, value] of values.entries()) {
    const column = place(output);
    memory[address / 4 + (Math.floor(column / panel) * inputs + row) * panel + (column % panel)] = value;
  }
}

const million = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;

/** Bytes a sampler's memory takes, in words for messages. */
export function memoryArithmetic(config: WaveNetConfig, layout: QueueLayout): string {
  return (
    `${million(layout.weightBytes)} of weights and ${layout.tiles} x ${million(layout.tileBytes)} of state ` +
    `(${layout.tiles * layout.lanes} notes of ${config.layers} layers)`
  );
}
