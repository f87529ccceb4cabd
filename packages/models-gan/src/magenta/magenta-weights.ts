import type { NetworkConfig } from '../progressive/config.js';
import { generatorScope, blockName } from '../progressive/network/names.js';
import { networkVariables, type NetworkName } from '../progressive/network/variables.js';
import { ModelFileError } from '@gansynth/model-files';
import type { PlainTensor, PlainWeights } from '@gansynth/model-files';

/** Which copy of the generator's weights: the moving average (what the original samples with), or the ones last trained. */
export type MagentaWeightKind = 'ema' | 'raw';

/** Variables of a foreign checkpoint, by the original's names. */
export interface NamedVariables {
  readonly names: Iterable<string>;
  read(name: string): Promise<PlainTensor>;
  /** What to name in messages. */
  readonly file: string;
}

const stored = (name: string, kind: MagentaWeightKind): string => (kind === 'ema' ? `${name}/ExponentialMovingAverage` : name);

/** Blocks whose generator variables a checkpoint has. */
export function countBlocks({ names, file }: NamedVariables, kind: MagentaWeightKind): number {
  const known = new Set(names);
  const first = (block: number): string => stored(`${generatorScope}/${blockName(block)}/conv0/conv2d/kernel`, kind);
  let blocks = 0;
  while (known.has(first(blocks + 1))) blocks++;
  if (blocks === 0)
    throw new ModelFileError(
      file,
      `expected a progressive generator ("${first(1)}"), found ${known.size} other variables. Is this a GANSynth checkpoint?`,
    );
  return blocks;
}

/**
 * The weights of a network, under its own variables' names.
 *
 * @throws ModelFileError if one is missing, of another shape than the configuration says, or not finite
 */
export async function readNetworkWeights(
  source: NamedVariables,
  network: NetworkName,
  config: NetworkConfig,
  blocks: number,
  kind: MagentaWeightKind,
): Promise<PlainWeights> {
  const { file } = source;
  const known = new Set(source.names);
  const weights: Record<string, PlainTensor<Float32Array>> = {};
  for (const variable of networkVariables(network, config, blocks)) {
    const name = stored(variable.name, kind);
    if (!known.has(name)) throw new ModelFileError(file, `expected a variable "${name}", found none`);
    const { shape, data } = await source.read(name);
    if (!(data instanceof Float32Array)) throw new ModelFileError(file, `expected "${name}" as float32, found another type`);
    if (shape.join() !== variable.shape.join())
      throw new ModelFileError(
        file,
        `expected "${name}" of shape [${variable.shape.join(', ')}], found [${shape.join(', ')}]. The weights belong to another experiment`,
      );
    if (!data.every(Number.isFinite))
      throw new ModelFileError(file, `expected finite numbers in "${name}", found NaN or infinity. The training diverged`);
    weights[variable.name] = { shape, data };
  }
  return weights;
}
