import {
  ModelFileError,
  writeModel,
  type FileSink,
  type ModelInfo,
  type PlainTensor,
  type PlainWeights,
  type WaveGanManifest,
  type WriteOptions,
} from '@gansynth/model-files';
import type { LoadedWaveGan } from '../model/save-load.js';
import { readWaveGanNetwork } from './read-wavegan-network.js';
import { layerName, WaveGanModel } from './wavegan-model.js';
import { waveGanVariables } from './wavegan-variables.js';

/** Writes a WaveGAN's generator as a tfjs LayersModel of stock layers plus `gansynth.json`. */
export async function saveWaveGan(
  model: WaveGanModel,
  sink: FileSink,
  info: ModelInfo = {},
  options: WriteOptions = {},
): Promise<void> {
  const layersModel = model.toLayersModel();
  try {
    await writeModel(layersModel, sink, { ...info, family: 'wavegan', network: { ...model.config } }, options);
  } finally {
    layersModel.dispose();
  }
}

/**
 * A WaveGAN of its files. The stock layers' kernels have another shape than the variables, and the same values in the same order.
 *
 * @throws ModelFileError if a weight is missing or of another size
 */
export function waveGanFromFiles(manifest: WaveGanManifest, stored: PlainWeights): LoadedWaveGan {
  const network = readWaveGanNetwork(manifest.network);
  const weights = waveGanVariables('generator', network).map(({ name, shape }): [string, PlainTensor<Float32Array>] => {
    const at = name.lastIndexOf('/');
    const file = `${layerName(name.slice(0, at))}${name.slice(at)}`;
    const data = stored[file]?.data;
    const size = shape.reduce((product, side) => product * side, 1);
    if (data?.length !== size)
      throw new ModelFileError(
        'gansynth.json',
        `expected a weight ${file} of ${size} values, found ${data?.length ?? 'none'}. The weights are of another WaveGAN.`,
        file,
      );
    return [name, { shape, data }];
  });
  const model = new WaveGanModel({ config: network, weights: Object.fromEntries(weights) });
  return { family: 'wavegan', model, manifest: { ...manifest, network } };
}
