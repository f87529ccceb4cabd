import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compileGenerator } from '@gansynth/models-gan/compiled';
import { GeneratorModel, networkConfig } from '@gansynth/models-gan';
import { networkVariables } from '@gansynth/models-gan/networks';
import type { PlainTensor } from '@gansynth/model-files';
import { randomStream } from '@gansynth/common/random';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { measure, report, type Contender } from './measure.js';
import { startTorch, torchAvailable } from './torch-process.js';

// The paper's high-resolution generator at full size, 128 x 1024, with random weights: as written, and compiled for inference.
// A backend with threads cannot live beside one without, so every backend runs in a process of its own, this file again.

const require = createRequire(import.meta.url);
const file = fileURLToPath(import.meta.url);

interface Worker {
  contender(name: string, command: string): Contender;
  stop(): void;
}

/** Starts this file as the process of one backend. Undefined where the backend is not there. */
async function startWorker(backend: string): Promise<Worker | undefined> {
  const child = spawn(process.execPath, [...process.execArgv, file, backend], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string | undefined> => {
    const { value, done } = await lines.next();
    return done ? undefined : String(value);
  };
  const greeting = await next();
  if (!greeting?.startsWith('ready')) return undefined;
  console.log(greeting.replace('ready', `  ${backend}:`));
  return {
    contender: (name, command) => ({
      name,
      run: async () => {
        child.stdin.write(`${command}\n`);
        if ((await next()) !== 'done') throw new Error(`bench: ${backend} stopped`);
      },
    }),
    stop: () => void child.stdin.end(),
  };
}

export default async function generator(): Promise<void> {
  const threads = availableParallelism();
  const workers = new Map<string, Worker>();
  for (const backend of ['wasm-1', ...(threads > 1 ? [`wasm-${threads}`] : []), 'tensorflow']) {
    const worker = await startWorker(backend);
    if (worker) workers.set(backend, worker);
    else console.log(`  ${backend}: not here`);
  }
  for (const batch of [1, 8]) {
    const contenders = [...workers].flatMap(([backend, worker]) => [
      worker.contender(`${backend}, plain`, `plain ${batch}`),
      worker.contender(`${backend}, compiled`, `compiled ${batch}`),
    ]);
    const layouts = ['contiguous', 'channels_last'];
    const torch = torchAvailable()
      ? await Promise.all(layouts.map((layout) => startTorch('generator.py', [String(batch), layout])))
      : [];
    contenders.push(...torch.map(({ run }, index) => ({ name: `PyTorch, ${layouts[index]}`, run })));
    const timings = await measure(contenders, batch === 1 ? { runs: 9, warmup: 2 } : { runs: 3, warmup: 1 });
    report(batch === 1 ? 'one note' : `batch of ${batch}, a note`, timings, batch);
    for (const { stop } of torch) stop();
  }
  for (const worker of workers.values()) worker.stop();
}

const giga = (n: number): string => (n / 1e9).toFixed(2);

/** The process of one backend: does what each line on stdin says, answers when it is done. */
async function serve(backend: string): Promise<void> {
  if (backend === 'tensorflow') {
    const util = require('node:util') as Record<string, unknown>;
    util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
    util['isArray'] ??= Array.isArray;
    require(process.env['GANSYNTH_TFJS_NODE'] ?? '@tensorflow/tfjs-node');
    await tf.setBackend('tensorflow');
  } else {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const { startThreadedWasm } = await import('@gansynth/training/wasm');
    setWasmPaths(`${pathToFileURL(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))).pathname}/dist/`);
    const wanted = Number(backend.split('-')[1]);
    const { threads, reason } = await startThreadedWasm({ threads: wanted });
    if (threads !== wanted) throw new Error(reason);
  }
  const config = networkConfig({ normaliser: { scale: [[0.0661371661726, 0.8]], offset: [[0.113718730221, 0]] } });
  const weights: Record<string, PlainTensor<Float32Array>> = {};
  for (const { name, shape } of networkVariables('generator', config))
    weights[name] = { shape, data: randomStream(1, name).normalValues(tf.util.sizeFromShape([...shape])) };
  const plain = new GeneratorModel({ config, weights });
  const compiled = compileGenerator({ config, weights });
  // The result leaves after the tidy: tidy would look for tensors in an array that is returned through it, value by value (70 ms).
  const run = (generator: typeof plain | typeof compiled, batch: number): Float32Array => {
    const images = tf.tidy(() => {
      const latent = tf.tensor2d(randomStream(2, 'z').normalValues(batch * config.latentSize), [batch, config.latentSize]);
      return generator.generate(
        latent,
        Int32Array.from({ length: batch }, (_, n) => n),
      );
    });
    const values = images.dataSync<'float32'>();
    images.dispose();
    return values;
  };
  const [expected, actual] = [run(plain, 1), run(compiled, 1)];
  const scales = [0.0661371661726, 0.8]; // differences in normalised units
  const difference = expected.reduce((max, value, i) => Math.max(max, Math.abs(value - actual[i]!) * scales[i % 2]!), 0);
  const { multiplyAdds, plainMultiplyAdds, weightBytes, peakBytes } = compiled.estimate;
  console.log(
    `ready ${giga(plainMultiplyAdds)} G multiply-adds as written, ${giga(multiplyAdds)} G compiled; weights ${giga(weightBytes)} GB, ` +
      `work ${giga(peakBytes)} GB; compiled differs from plain by at most ${difference.toExponential(1)}`,
  );
  for await (const line of createInterface({ input: process.stdin })) {
    const [which, batch] = line.split(' ');
    run(which === 'plain' ? plain : compiled, Number(batch));
    console.log('done');
  }
  process.exit(0);
}

if (process.argv[1] === file) await serve(process.argv[2] ?? '');
