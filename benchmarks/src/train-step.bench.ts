import { availableParallelism } from 'node:os';
import { imageSize } from '@gansynth/models-gan/networks';
import { networkConfig, presets, ProgressiveGanTask, type ImageSource } from '@gansynth/models-gan';
import { trainStep } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { startBackends } from './backends.js';
import { measure, report, type Contender, type Timing } from './measure.js';
import { startTorch, torchAvailable, type TorchProcess } from './torch-process.js';

// Sizes by the number of blocks: 4 is 16x128, 5 is 32x256, 6 is 64x512. GANSYNTH_BENCH_BLOCKS=4 measures one. A step at 64x512 takes
// about 3 TFLOP, so the larger sizes run once after the warm-up.
const sizes = (process.env['GANSYNTH_BENCH_BLOCKS'] ?? '4,5,6').split(',').map(Number);
const batch = 8;
const runsAt = (blocks: number): number => Number(process.env['GANSYNTH_BENCH_RUNS'] ?? (blocks <= 4 ? 3 : 1));

/** The wasm backend has 4 GB: it takes the batches of the larger sizes in parts, and accumulates their gradients. */
const wasmMicroBatch: Readonly<Record<number, number>> = { 5: 2, 6: 1, 7: 1 };

/** From this number of blocks on, one contender's memory at a time is enough: 13 GB for tensorflow at 64x512. */
const oneByOneFrom = 6;

/** A full training step (generator and critic, batch 8, gradient penalty, Adam, EMA) of the paper's networks. */
export default async function run(): Promise<void> {
  const threads = availableParallelism();
  const backends = await startBackends(threads);
  for (const blocks of sizes) {
    const layouts = torchAvailable() ? ['channels_last', 'contiguous'] : [];
    // PyTorch first: its processes give their memory back when they end.
    const starts: (() => Promise<Stoppable>)[] = [
      ...layouts.map((layout) => () => torchContender(layout, blocks, threads)),
      ...backends.map((backend) => () => tfjsContender(backend, blocks)),
    ];
    const settings = { runs: runsAt(blocks), warmup: 1 };
    const timings: Timing[] = [];
    for (const group of blocks >= oneByOneFrom ? starts.map((start) => [start]) : [starts]) {
      const contenders: Stoppable[] = [];
      for (const start of group) contenders.push(await start());
      timings.push(...(await measure(contenders, settings)));
      for (const contender of contenders) contender.stop();
    }
    const [height, width] = imageSize(networkConfig({ ...presets.paperHigh, blocks }));
    const referenceLast = [...timings.slice(layouts.length), ...timings.slice(0, layouts.length)];
    report(`train step, batch ${batch}, ${height}x${width}, ${threads} threads`, referenceLast);
  }
}

type Stoppable = Contender & { stop(): void };

async function tfjsContender(backend: string, blocks: number): Promise<Stoppable> {
  await tf.setBackend(backend);
  const network = networkConfig({ ...presets.paperHigh, blocks });
  const [height, width] = imageSize(network);
  const images = tf.randomUniform<tf.Rank.R4>([batch, height, width, 2], -1, 1);
  const data: ImageSource = {
    next: async () => ({ images: tf.clone(images), labels: new Int32Array(batch).fill(30) }),
    state: () => null,
  };
  const microBatchSize = backend === 'wasm' ? (wasmMicroBatch[blocks] ?? null) : null;
  const task = new ProgressiveGanTask({
    network,
    seed: 1,
    data,
    training: { schedule: { progressive: false, totalImages: 1e9, batchSizes: [batch] }, microBatchSize },
  });
  return {
    name: microBatchSize === null ? backend : `${backend}, ${batch / microBatchSize} times ${microBatchSize}`,
    run: async () => {
      await tf.setBackend(backend);
      await trainStep(task);
    },
    stop: () => {
      task.dispose();
      images.dispose();
    },
  };
}

async function torchContender(layout: string, blocks: number, threads: number): Promise<Stoppable> {
  const torch: TorchProcess = await startTorch('progressive_gan_step.py', [blocks, batch, threads, layout].map(String));
  return { name: `PyTorch ${layout}`, run: () => torch.run(), stop: () => torch.stop() };
}
