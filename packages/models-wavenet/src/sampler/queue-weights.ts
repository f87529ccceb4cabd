import type { WaveNetConfig } from '../config/wavenet-config.js';
import type { WaveNetModel } from '../model/wavenet-model.js';
import type { Packed, QueueLayout } from './queue-layout.js';

/** Writes a model's weights into a sampler's memory, packed. Zeros are there already. */
export async function packWeights(model: WaveNetModel, layout: QueueLayout, memory: Float32Array): Promise<void> {
  const { config } = model;
  const { width, skipWidth } = config;
  const read = async (name: string): Promise<{ kernel: Float32Array; biases: Float32Array; outputs: number }> => {
    const [kernel, biases] = await Promise.all(
      [`${name}/W`, `${name}/biases`].map(async (variable) => Float32Array.from((await model.weights[variable]?.data()) ?? [])),
    );
    if (!kernel || !biases) throw new Error('unreachable');
    return { kernel, biases, outputs: biases.length };
  };
  const put = ({ address, inputs, panel }: Packed, input: number, output: number, value: number): void => {
    memory[address / 4 + (Math.floor(output / panel) * inputs + input) * panel + (output % panel)] = value;
  };

  /** One tap of a convolution, its biases in the last row of the packed matrix unless they go elsewhere. */
  const pack = async (
    name: string,
    to: Packed,
    { inputs, tap = 0, biasRow, place = (output) => output }: PackOptions,
  ): Promise<void> => {
    const { kernel, biases, outputs } = await read(name);
    for (let input = 0; input < inputs; input++)
      for (let output = 0; output < outputs; output++)
        put(to, input, place(output), kernel[(tap * inputs + input) * outputs + output]!);
    if (biasRow !== undefined) for (const [output, bias] of biases.entries()) put(to, biasRow, place(output), bias);
  };

  const taps = config.kernelLength;
  for (let tap = 0; tap < taps; tap++) {
    const { kernel, biases } = await read('startconv');
    for (const [output, bias] of biases.entries()) {
      put(layout.start, tap, output, kernel[tap * width + output]!);
      put(layout.start, taps, output, bias);
    }
  }
  await pack('skip_start', layout.skipStart, { inputs: width, biasRow: layout.width });
  // Gates first, then signals; each half rounded up by itself.
  const half = (output: number): number => (output < width ? output : layout.width + output - width);
  for (const [index, layer] of layout.layers.entries()) {
    const number = index + 1;
    for (const [tap, packed] of layer.taps.entries())
      await pack(`dilatedconv_${number}`, packed, { inputs: width, tap, place: half });
    await packCondition(`dilatedconv_${number}`, `cond_map_${number}`, layer.condition, half);
    if (layer.residual) await pack(`res_${number}`, layer.residual, { inputs: width, biasRow: layout.width });
    await pack(`skip_${number}`, layer.skips, { inputs: width, biasRow: layout.width });
  }
  await pack('out1', layout.out1, { inputs: skipWidth });
  await packCondition('out1', 'cond_map_out1', layout.out1Condition, (output) => output);
  await pack('logits', layout.logits, { inputs: skipWidth, biasRow: layout.skip });

  /** What conditions a convolution, with both their biases. */
  async function packCondition(convolution: string, name: string, to: Packed, place: (output: number) => number): Promise<void> {
    const { channels } = layout;
    if (channels > 0) await pack(name, to, { inputs: channels, place });
    const [own, its] = [(await read(convolution)).biases, channels > 0 ? (await read(name)).biases : undefined];
    for (const [output, bias] of own.entries()) put(to, channels, place(output), Math.fround(bias + (its?.[output] ?? 0)));
  }
}

interface PackOptions {
  /** Real ones. */
  readonly inputs: number;
  readonly tap?: number;
  readonly biasRow?: number;
  readonly place?: (output: number) => number;
}

const million = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;

/** Bytes a sampler's memory takes, in words for messages. */
export function memoryArithmetic(config: WaveNetConfig, layout: QueueLayout): string {
  return (
    `${million(layout.weightBytes)} of weights and ${layout.tiles} x ${million(layout.tileBytes)} of state ` +
    `(${layout.tiles * layout.lanes} notes of ${config.layers} layers)`
  );
}
