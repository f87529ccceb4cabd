/*
 * One of several processes that mpirun starts for processes.bench.ts: node processes-child.js reduce FLOATS RUNS | step RUNS | loop RUNS. The first
 * prints the milliseconds of each run, one JSON list.
 */
import { availableParallelism, cpus } from 'node:os';
import { networkConfig, presets, ProgressiveGanTask } from '@gansynth/models-gan';
import { imageSize } from '@gansynth/models-gan/networks';
import { defineTask, runTraining } from '@gansynth/training';
import { startProcesses } from '@gansynth/training/mpi';
import { startThreadedWasm } from '@gansynth/training/wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';

const [mode = '', ...numbers] = process.argv.slice(2);
const wire = process.env['GANSYNTH_BENCH_WIRE'] === 'float16' ? 'float16' : 'float32';
const processes = await startProcesses({ wire });
const { rank, ranks, localRanks, reduceGradients } = processes;
const times: number[] = [];
if (mode === 'reduce') {
  await tf.setBackend('cpu');
  const [floats = 0, runs = 0] = numbers.map(Number);
  // As networks have them: many, of some MB each.
  const each = 1_000_000;
  const values = new Float32Array(each).fill(1 + rank);
  for (let run = -2; run < runs; run++) {
    const gradients = Array.from({ length: floats / each }, () => tf.tensor1d(values.slice()));
    await processes.agree('round', `${run}`);
    const start = performance.now();
    const sum = await reduceGradients({ gradients, losses: {}, examples: 1 }, { name: 'all' });
    if (run >= 0) times.push(performance.now() - start);
    const [first] = await tf.slice(sum.gradients[0]!, 0, 1).data();
    if (first !== (ranks * (ranks + 1)) / 2) throw new Error(`expected ${(ranks * (ranks + 1)) / 2}, found ${first}`);
    for (const gradient of sum.gradients) gradient?.dispose();
  }
} else {
  const [runs = 0, batch = 8] = numbers.map(Number);
  const mine = availableParallelism();
  await startThreadedWasm({ threads: mine < cpus().length ? mine : Math.max(1, Math.floor(mine / localRanks)) });
  await tf.setBackend('wasm');
  const network = networkConfig({ ...presets.paperHigh, blocks: 4 });
  const [height, width] = imageSize(network);
  const images = tf.randomUniform<tf.Rank.R4>([batch, height, width, 2], -1, 1, 'float32', 1);
  const task = new ProgressiveGanTask({
    network,
    seed: 1,
    data: { next: async () => ({ images: tf.clone(images), labels: new Int32Array(batch).fill(30) }), state: () => null },
    training: { schedule: { progressive: false, totalImages: 1e9, batchSizes: [batch] }, microBatchSize: batch / 2 },
  });
  // The same parts, in which nothing changes: what a step costs beside its own work, and with one number to be summed over processes.
  const idle = defineTask({
    kind: task.kind,
    version: task.version,
    config: task.config,
    unit: task.unit,
    total: task.total,
    parts: task.parts,
    progress: task.progress,
    phase: task.phase,
    dispose: () => undefined,
    step: async ({ reduceGradients: reduce }) => {
      const { losses } = (await reduce?.({ gradients: [], losses: { one: 1 }, examples: batch }, { name: 'nothing' })) ?? {
        losses: {},
      };
      return { examples: batch, losses, gradientNorms: {} };
    },
  });
  const sharing = ranks === 1 ? {} : { reduceGradients };
  let last = performance.now();
  for await (const event of runTraining(mode === 'loop' ? idle : task, { ...sharing, steps: runs + 1 })) {
    const now = performance.now();
    if (event.type === 'step' && event.step > 1) times.push(now - last);
    last = now;
  }
  task.dispose();
}
if (rank === 0) console.log(JSON.stringify(times));
await processes.close();
process.exit();
