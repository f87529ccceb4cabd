import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { randomStream } from '@gansynth/common/random';
import {
  createSampler,
  precisions,
  presets,
  WaveNetModel,
  waveNetConfig,
  waveNetVariables,
  type NoteToSample,
  type Precision,
  type SamplerOptions,
  type WaveNetConfig,
} from '@gansynth/models-wavenet';
import '@gansynth/training/wasm';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { startTensorflow } from './backends.js';
import { measure, report, type Contender } from './measure.js';
import { startTorch, torchAvailable } from './torch-process.js';

// GANSYNTH_BENCH_NETS=large measures one network, GANSYNTH_BENCH_BATCHES=1,8 some batches, GANSYNTH_BENCH_THREADS=1 on one thread,
// GANSYNTH_BENCH_PRECISIONS=float32,int8 some precisions of weights.
const chosen = (process.env['GANSYNTH_BENCH_NETS'] ?? 'small,large').split(',');
const batches = (process.env['GANSYNTH_BENCH_BATCHES'] ?? '1,8,64').split(',').map(Number);
const runs = Number(process.env['GANSYNTH_BENCH_RUNS'] ?? 15);
const isPrecision = (name: string): name is Precision => precisions.some((one) => one === name);
const chosenPrecisions = (process.env['GANSYNTH_BENCH_PRECISIONS'] ?? precisions.join()).split(',').filter(isPrecision);
const counts = [...new Set((process.env['GANSYNTH_BENCH_THREADS'] ?? `1,${availableParallelism()}`).split(',').map(Number))];

/** NSynth's decoder, and a network that lives in a processor's caches. Samples of a run, by batch. */
const nets: Readonly<Record<string, { readonly config: WaveNetConfig; readonly samples: (batch: number) => number }>> = {
  small: { config: presets.small, samples: (batch) => (batch === 64 ? 8 : 32) },
  large: {
    config: waveNetConfig({ conditioning: { kind: 'frames', encoder: null } }),
    samples: (batch) => (batch === 64 ? 8 : 16),
  },
};

/** What a batch of one is bound by, where weights fit into no cache. */
const reading = 'weights read once a sample';

type Stoppable = Contender & { stop(): void };

const named = (count: number): string => (count === 1 ? 'one thread' : `${count} threads`);

const hasTensorflow = startTensorflow();

/** Queues against tensor operations, NumPy and PyTorch; beside them what this machine can do: read all weights once, multiply matrices. */
export default async function wavenetSampler(): Promise<void> {
  const require = createRequire(import.meta.url);
  setWasmPaths(`${pathToFileURL(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))).pathname}/dist/`);
  await tf.setBackend('wasm');
  for (const [name, { config, samples }] of Object.entries(nets)) {
    if (!chosen.includes(name)) continue;
    const model = randomModel(config);
    for (const batch of batches) await compare(name, model, batch, samples(batch));
    model.dispose();
  }
}

async function compare(name: string, model: WaveNetModel, batch: number, samples: number): Promise<void> {
  const { layers, cycle, width, skipWidth } = model.config;
  const contenders: Stoppable[] = [];
  for (const threads of counts)
    for (const precision of chosenPrecisions) contenders.push(await queues(model, { batch, threads, precision }, samples));
  if (name === 'small' && batch === 1) contenders.push(await queues(model, { batch, engine: 'tensors' }, samples));
  if (batch === 64 && hasTensorflow) contenders.push(await tensorsOnTensorflow(model, batch, samples));
  const { multiplyAdds, weights } = workOf(model.config);
  const matrices = batch === 64 ? matrixProduct(batch, width) : null;
  if (matrices) contenders.push(matrices);
  if (torchAvailable())
    for (const threads of counts) {
      if (name === 'large' && batch === 1)
        contenders.push(await python(`${reading}, ${named(threads)}`, ['read', Math.round((4 * weights) / 1e6)], threads));
      for (const kind of ['numpy', 'torch'])
        contenders.push(
          await python(`${kind}, ${named(threads)}`, [kind, layers, cycle, width, skipWidth, batch, samples], threads),
        );
    }
  const timings = await measure(contenders, { runs, warmup: 2 });
  const perSample = (of: string): number => {
    if (of === matrices?.name) return multiplyAdds / matrices.multiplyAdds;
    return 1 / batch / (of.startsWith(reading) ? 1 : samples);
  };
  // The fastest of many short runs: threads that wait for each other show what they can only where nothing else runs.
  const each = timings.map(({ name: of, best }) => ({ name: of, best, milliseconds: best * perSample(of) }));
  report(`${name}, batch of ${batch}: a sample of a note, at best`, each);
  for (const { stop } of contenders) stop();
}

/** After its first hundred steps, in which a sampler finds out whether threads are faster. */
async function queues(
  model: WaveNetModel,
  options: SamplerOptions & { readonly batch: number },
  samples: number,
): Promise<Stoppable> {
  const sampler = await createSampler(model, options);
  const { conditioning } = model.config;
  const notes = Array.from({ length: options.batch }, (_, seed): NoteToSample => {
    if (conditioning.kind === 'pitch') return { seed, label: seed % conditioning.pitches.length };
    return { seed, embedding: { shape: [125, 16], data: randomStream(seed, 'frames').normalValues(2000) } };
  });
  // The conditioning of whole notes is computed here, once.
  await sampler.begin(notes);
  if (options.engine !== 'tensors') await sampler.next(128);
  const asked = options.threads ?? 1;
  const how = sampler.threads === asked ? named(asked) : `${asked} asked for, ${named(sampler.threads)} taken`;
  return {
    name: options.engine === 'tensors' ? 'tensor operations on wasm, one thread' : `queues, ${options.precision}, ${how}`,
    run: () => sampler.next(samples),
    stop: () => sampler.dispose(),
  };
}

/** With as many threads as TensorFlow takes. */
async function tensorsOnTensorflow(model: WaveNetModel, batch: number, samples: number): Promise<Stoppable> {
  await tf.setBackend('tensorflow');
  const { run, stop } = await queues(model, { batch, engine: 'tensors' }, samples);
  await tf.setBackend('wasm');
  return {
    name: 'tensor operations on tensorflow',
    run: async () => {
      await tf.setBackend('tensorflow');
      await run();
      await tf.setBackend('wasm');
    },
    stop,
  };
}

async function python(name: string, args: readonly (string | number)[], threads: number): Promise<Stoppable> {
  const { run, stop } = await startTorch('wavenet_sampler.py', args.map(String), threads);
  return { name, run, stop };
}

/** The wasm backend's own product of a layer's size, one thread; told as the time that a sample's multiply-adds would take. */
function matrixProduct(batch: number, width: number): Stoppable & { readonly multiplyAdds: number } {
  const times = Math.max(1, Math.round(2 ** 24 / width ** 2));
  const [a, b] = [tf.randomNormal([batch, 3 * width]), tf.randomNormal([3 * width, 2 * width])];
  return {
    name: 'as many multiply-adds in matMul on wasm',
    multiplyAdds: times * batch * 6 * width ** 2,
    run: () => {
      for (let index = 0; index < times; index++) tf.tidy(() => void tf.matMul(a, b).dataSync());
    },
    stop: () => tf.dispose([a, b]),
  };
}

/** Of a sample of a note, conditioning left out: it changes once in 512 samples. */
function workOf({ layers, width, skipWidth, kernelLength }: WaveNetConfig): { multiplyAdds: number; weights: number } {
  const layer = kernelLength * width * 2 * width + width * (width + skipWidth);
  const weights = layers * layer - width ** 2 + kernelLength * width + width * skipWidth + skipWidth * (skipWidth + 256);
  return { multiplyAdds: weights, weights };
}

function randomModel(config: WaveNetConfig): WaveNetModel {
  const weights = waveNetVariables(config, 'decoder').map(({ name, shape }) => {
    const size = shape.reduce((product, side) => product * side, 1);
    const data = randomStream(1, name)
      .normalValues(size)
      .map((value) => 0.05 * value);
    return [name, { shape, data }] as const;
  });
  return new WaveNetModel({ config, weights: Object.fromEntries(weights) });
}
