import { breathe } from '@gansynth/common/breathe';
import type { OptionNames } from '@gansynth/common/check-options';
import { checkpointPrefix, ModelFileError, openTensorBundle, type FileSource, type TensorBundle } from '@gansynth/model-files';
import * as tf from '@tensorflow/tfjs-core';
import { checkOptions } from '../check-options.js';
import { presets } from '../config/presets.js';
import type { WaveNetConfig } from '../config/wavenet-config.js';
import { WaveNetModel } from '../model/wavenet-model.js';
import { waveNetVariables, type NetworkPart } from '../network/variables.js';

export interface NsynthCheckpointOptions {
  /** The checkpoint's prefix in the source, or any one of its three files. Default: that of the released one, `model.ckpt-200000`. */
  readonly path?: string;
  /** `raw` (default): the weights as last trained, which is what everyone has heard. `averaged`: their averages over time, which lie beside them. */
  readonly weights?: 'raw' | 'averaged';
  /** One part alone: who only encodes need not read the decoder's 239 MB. Default: both. */
  readonly part?: NetworkPart;
  /** Its sizes. Default: the released one's, `presets.nsynth`. */
  readonly network?: WaveNetConfig;
  readonly signal?: AbortSignal;
}

/** Their names, each once. */
export const nsynthCheckpointOptionNames: OptionNames<NsynthCheckpointOptions> = {
  path: true,
  weights: true,
  part: true,
  network: true,
  signal: true,
};

export interface NsynthCheckpoint {
  /** The caller's to free. */
  readonly model: WaveNetModel;
  /** Steps it was trained for. */
  readonly steps: number;
}

/**
 * Loads a checkpoint of the NSynth autoencoder, such as the released one (`wavenet-ckpt.tar`, unpacked: 987 MB, of which 247 are read, tensor by tensor):
 * no TensorFlow needed.
 *
 * @param files where it lies: a folder, or a web server, of which only the ranges are fetched that hold the weights
 * @throws ModelFileError if a file or variable is missing, damaged (every checksum is compared) or of another size; the signal's reason when aborted
 * @see `magenta/models/nsynth/wavenet/fastgen.py`, load_nsynth
 */
export async function loadNsynthCheckpoint(files: FileSource, options: NsynthCheckpointOptions = {}): Promise<NsynthCheckpoint> {
  checkOptions('loadNsynthCheckpoint', options, nsynthCheckpointOptionNames);
  const { path = 'model.ckpt-200000', weights: kind = 'raw', part, network = presets.nsynth, signal } = options;
  const bundle = await openTensorBundle(files, path);
  const weights: Record<string, tf.Tensor> = {};
  try {
    for (const { name, shape } of waveNetVariables(network, part)) {
      await breathe(signal);
      const stored = kind === 'averaged' ? `${name}/ExponentialMovingAverage` : name;
      weights[name] = tf.tensor(
        await readWeight(bundle, stored, shape, `${checkpointPrefix(path)}.index`),
        [...shape],
        'float32',
      );
    }
    const [steps] = bundle.entries.has('global_step') ? (await bundle.read('global_step')).data : [0];
    return { model: new WaveNetModel({ config: network, weights }), steps: Number(steps) };
  } finally {
    tf.dispose(weights);
  }
}

async function readWeight(bundle: TensorBundle, name: string, shape: readonly number[], file: string): Promise<Float32Array> {
  const { shape: found, data } = await bundle.read(name);
  if (data instanceof Float32Array && found.join() === shape.join()) return data;
  throw new ModelFileError(
    file,
    `expected a variable ${name} [${shape}] of float32, found [${found}]. This checkpoint is of another network: give its sizes as { network }.`,
    name,
  );
}
