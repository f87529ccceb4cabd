import { MissingFileError, ModelFileError, parseNpz, type FileSource, type PlainTensor } from '@gansynth/model-files';
import type { Affine, NetworkConfig } from '../progressive/config.js';
import type { MagentaExperiment } from './magenta-experiment.js';

/** Where a training of the original keeps the normaliser it measured. */
const assetOf = ({ normaliserName }: MagentaExperiment): string => `assets/${normaliserName}.npz`;

/**
 * The normaliser that a training of the original measured from its data.
 *
 * @param files the folder with `experiment.json` in it
 * @returns undefined where the experiment needs none or its file is not there
 * @throws ModelFileError if the file is damaged or holds something else
 * @see magenta/magenta: magenta/models/gansynth/lib/data_normalizer.py
 */
export async function readMeasuredNormaliser(files: FileSource, experiment: MagentaExperiment): Promise<Affine | undefined> {
  if (!experiment.normaliserMissing) return undefined;
  const file = assetOf(experiment);
  let bytes: Uint8Array;
  try {
    bytes = await files.read(file);
  } catch (error) {
    if (MissingFileError.isInstance(error)) return undefined;
    throw error;
  }
  const arrays = parseNpz(bytes, file);
  const values = arrays['normalizer'];
  if (values === undefined) {
    const found = Object.keys(arrays).join(', ') || 'nothing';
    throw new ModelFileError(file, `expected an array "normalizer", found ${found}.`, found);
  }
  return affineOf(values, file);
}

/** Rows [scale 0, offset 0, scale 1, offset 1]: a single one, or one a frequency. */
function affineOf({ shape, data }: PlainTensor, file: string): Affine {
  if (shape.at(-1) !== 4 || shape.length > 2 || data.length === 0)
    throw new ModelFileError(file, `expected rows of four numbers, found an array [${shape.join(', ')}].`, shape);
  const numbers = Array.from<number | bigint, number>(data, Number);
  const scale: number[][] = [];
  const offset: number[][] = [];
  for (let at = 0; at < numbers.length; at += 4) {
    const [scale0 = 0, offset0 = 0, scale1 = 0, offset1 = 0] = numbers.slice(at, at + 4);
    scale.push([scale0, scale1]);
    offset.push([offset0, offset1]);
  }
  return { scale, offset };
}

/** The network with the experiment's normaliser or the one given, unchecked; an image without one would be silently wrong. */
export function withNormaliser(experiment: MagentaExperiment, given: Affine | undefined, file: string): NetworkConfig {
  if (given) return { ...experiment.network, normaliser: given };
  if (!experiment.normaliserMissing) return experiment.network;
  throw new ModelFileError(
    file,
    `expected the normaliser "${experiment.normaliserName}", measured from the training data, in ${assetOf(experiment)}, found no such file. ` +
      'Copy it from the folder of the training, or give its numbers: { normaliser: { scale: [[...]], offset: [[...]] } }',
  );
}
