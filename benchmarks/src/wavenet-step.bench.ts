import { availableParallelism } from 'node:os';
import { randomStream } from '@gansynth/common/random';
import { presets, WaveNetTask } from '@gansynth/models-wavenet';
import { trainStep } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { startBackends } from './backends.js';
import { measure, report, type Contender } from './measure.js';
import { startTorch, torchAvailable } from './torch-process.js';

// GANSYNTH_BENCH_NETS=mini measures one of them.
const nets = {
  mini: { network: presets.mini, batch: 8, samples: 4096, runs: 5, warmup: 1 },
  small: { network: presets.small, batch: 4, samples: 6144, runs: 3, warmup: 1 },
  // 2 TFLOP a step; the first steps ask the system for their 10 GB.
  large: { network: presets.paper8bit, batch: 1, samples: 6144, runs: 3, warmup: 3 },
} as const;
type Name = keyof typeof nets;
const isName = (name: string): name is Name => name in nets;
const chosen = (process.env['GANSYNTH_BENCH_NETS'] ?? 'mini,small').split(',').filter(isName);

type Stoppable = Contender & { stop(): void };

/** The wasm backend has 4 GB: it takes a larger batch in parts, and accumulates their gradients. */
const wasmMicroBatch: Readonly<Partial<Record<Name, number>>> = { small: 1 };

/** A full training step of WaveNets of 256 codes that are told the pitch: pieces of a batch's notes, gradients, Adam, average of the weights. */
export default async function run(): Promise<void> {
  const threads = availableParallelism();
  const backends = await startBackends(threads);
  for (const name of chosen) {
    const { batch, samples, runs, warmup } = nets[name];
    const contenders: Stoppable[] = [];
    for (const backend of backends) {
      if (name === 'large' && backend === 'wasm') console.log('wasm: left out, its 4 GB do not hold a step of the large network');
      else contenders.push(await tfjsContender(name, backend));
    }
    if (torchAvailable())
      // Both of the large one would not fit into 24 GB beside ours, and its products were the slower ones.
      for (const kind of name === 'large' ? ['convolutions'] : ['convolutions', 'products'])
        contenders.push(await torchContender(name, kind, threads));
    const timings = await measure(contenders, { runs, warmup });
    for (const contender of contenders) contender.stop();
    report(`WaveNet train step, ${name}, batch ${batch} of ${samples} samples, ${threads} threads`, timings);
  }
}

async function tfjsContender(name: Name, backend: string): Promise<Stoppable> {
  await tf.setBackend(backend);
  const { network, batch, samples } = nets[name];
  const { conditioning } = network;
  const length = conditioning.kind === 'pitch' ? conditioning.samples : samples;
  const sound = randomStream(1, 'note').normalValues(length);
  const audio = Array.from({ length: batch }, () => sound.map((value) => Math.max(-1, Math.min(1, 0.2 * value))));
  const microBatchSize = backend === 'wasm' ? (wasmMicroBatch[name] ?? null) : null;
  const task = new WaveNetTask({
    network,
    seed: 1,
    training: { totalSteps: 1e6, batchSize: batch, cropSamples: samples, microBatchSize },
    data: {
      next: async () => ({ audio, labels: new Int32Array(batch) }),
      state: () => null,
      restore: () => undefined,
    },
  });
  return {
    name: microBatchSize === null ? backend : `${backend}, ${batch / microBatchSize} times ${microBatchSize}`,
    run: async () => {
      await tf.setBackend(backend);
      await trainStep(task);
    },
    stop: () => task.dispose(),
  };
}

async function torchContender(name: Name, kind: string, threads: number): Promise<Stoppable> {
  const { network, batch, samples } = nets[name];
  const { layers, cycle, width, skipWidth, conditioning } = network;
  if (conditioning.kind !== 'pitch')
    throw new Error(`bench: expected a network that is told the pitch, found ${conditioning.kind}`);
  const { width: channels, pitches } = conditioning;
  const sizes = [layers, cycle, width, skipWidth, channels, pitches.length, batch, samples, threads];
  const torch = await startTorch('wavenet_step.py', [kind, ...sizes.map(String)]);
  return { name: `PyTorch, ${kind}`, run: () => torch.run(), stop: () => torch.stop() };
}
