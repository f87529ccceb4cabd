import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { randomStream } from '@gansynth/common/random';
import {
  createSampler,
  presets,
  WaveNetModel,
  waveNetVariables,
  type Sampler,
  type SamplerOptions,
} from '@gansynth/models-wavenet';
import '@gansynth/training/wasm';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { measure, report, type Contender } from './measure.js';

const require = createRequire(import.meta.url);

/** Samples each contender draws of each note in a run; times are given for one. */
const samples = 64;

/** The small network with random weights, sampled by queues and by tensor operations, on one thread. */
export default async function wavenetSampler(): Promise<void> {
  setWasmPaths(`${pathToFileURL(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))).pathname}/dist/`);
  await tf.setBackend('wasm');
  const model = smallModel();
  const contenders: Contender[] = [];
  const samplers: Sampler[] = [];
  const add = async (name: string, options: SamplerOptions): Promise<void> => {
    const sampler = await createSampler(model, options);
    samplers.push(sampler);
    const notes = Array.from({ length: sampler.batch }, (_, seed) => ({ seed, label: seed % 61 }));
    contenders.push({
      name,
      run: async () => {
        await sampler.begin(notes);
        await sampler.next(samples);
      },
    });
  };
  await add('queues, one note', {});
  await add('queues, 8 notes', { batch: 8 });
  await add('queues, 64 notes', { batch: 64 });
  await add('tensor operations on wasm, one note', { engine: 'tensors' });
  const timings = await measure(contenders, { runs: 7, warmup: 2 });
  const each = timings.map((timing, index) => ({ ...timing, milliseconds: timing.milliseconds / (samplers[index]?.batch ?? 1) }));
  report('a sample of one note, 20 layers, 64 and 128 wide', each, samples);
  for (const sampler of samplers) sampler.dispose();
  model.dispose();
}

function smallModel(): WaveNetModel {
  const config = presets.small;
  const weights = waveNetVariables(config).map(({ name, shape }) => {
    const size = shape.reduce((product, side) => product * side, 1);
    const data = randomStream(1, name)
      .normalValues(size)
      .map((value) => 0.05 * value);
    return [name, { shape, data }] as const;
  });
  return new WaveNetModel({ config, weights: Object.fromEntries(weights) });
}
