import type { ConvolutionWeights, GeneratorWeights } from '../compiled/generator-weights.js';
import { CheckpointFormatError } from './format-error.js';
import type { PlainTensor } from './plain-tensor.js';

/** Which copy of the generator's weights: the moving average (what the original samples with), or the ones last trained. */
export type MagentaWeightKind = 'ema' | 'raw';

const blockPrefix = (block: number): string => `Generator/progressive_gan_generator/progressive_gan_block_${block}/`;
const suffix = (kind: MagentaWeightKind): string => (kind === 'ema' ? '/ExponentialMovingAverage' : '');

/** The TensorFlow names of one layer. The bias lies beside `conv2d`, not in it. */
const layerNames = (block: number, layer: string, kind: MagentaWeightKind): { kernel: string; bias: string } => ({
  kernel: `${blockPrefix(block)}${layer}/conv2d/kernel${suffix(kind)}`,
  bias: `${blockPrefix(block)}${layer}/bias${suffix(kind)}`,
});

const layers = ['conv0', 'conv1', 'to_rgb'] as const;

function checkLayer(layer: ConvolutionWeights, name: string, inputs: number | undefined, file: string): void {
  const { kernel, bias } = layer;
  const wrong = (expected: string): never => {
    throw new CheckpointFormatError(
      file,
      `expected "${name}" ${expected}, found kernel [${kernel.shape.join(', ')}] and bias [${bias.shape.join(', ')}]`,
    );
  };
  if (kernel.shape.length !== 4 || bias.shape.length !== 1 || bias.shape[0] !== kernel.shape[3])
    wrong('to be a convolution [height, width, in, out] with a bias [out]');
  if (inputs !== undefined && kernel.shape[2] !== inputs) wrong(`to take the ${inputs} channels of the layer before it`);
  for (const { data } of [kernel, bias])
    if (!data.every(Number.isFinite)) wrong('to hold finite numbers only (the training diverged, or the file is damaged)');
}

/**
 * Collects the generator of a checkpoint with Magenta's variable names.
 *
 * @param names all names there are
 * @param read one variable
 * @param file what to name in messages
 * @throws CheckpointFormatError if a variable is missing, does not fit its neighbours, or is not finite
 */
export async function readMagentaGenerator(
  names: Iterable<string>,
  read: (name: string) => Promise<PlainTensor>,
  file: string,
  kind: MagentaWeightKind = 'ema',
): Promise<GeneratorWeights> {
  const known = new Set(names);
  let blocks = 0;
  while (known.has(layerNames(blocks + 1, 'conv0', kind).kernel)) blocks++;
  if (blocks === 0)
    throw new CheckpointFormatError(
      file,
      `expected a progressive generator ("${layerNames(1, 'conv0', kind).kernel}"), found ${known.size} other variables. Is this a GANSynth checkpoint?`,
    );
  const float = async (name: string): Promise<PlainTensor<Float32Array>> => {
    if (!known.has(name)) throw new CheckpointFormatError(file, `expected a variable "${name}", found none`);
    const { shape, data } = await read(name);
    if (!(data instanceof Float32Array))
      throw new CheckpointFormatError(file, `expected "${name}" as float32, found another type`);
    return { shape, data };
  };
  const weights: Record<'conv0' | 'conv1' | 'toRgb', ConvolutionWeights>[] = [];
  let channels: number | undefined;
  for (let block = 1; block <= blocks; block++) {
    const read = await Promise.all(
      layers.map(async (layer) => {
        const { kernel, bias } = layerNames(block, layer, kind);
        return { kernel: await float(kernel), bias: await float(bias) };
      }),
    );
    const [conv0, conv1, toRgb] = read as [ConvolutionWeights, ConvolutionWeights, ConvolutionWeights];
    checkLayer(conv0, `${blockPrefix(block)}conv0`, channels, file);
    checkLayer(conv1, `${blockPrefix(block)}conv1`, conv0.kernel.shape[3], file);
    checkLayer(toRgb, `${blockPrefix(block)}to_rgb`, conv1.kernel.shape[3], file);
    channels = conv1.kernel.shape[3];
    weights.push({ conv0, conv1, toRgb });
  }
  return weights;
}
