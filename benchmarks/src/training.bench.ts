import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-wasm';
import { measure, report, type Contender } from './measure.js';

const stockKernels = [tf.Conv2D, tf.Conv2DBackpropInput, tf.BatchMatMul, tf.LeakyRelu, tf.Sum];
const options = { runs: 5, warmup: 1 };

/** Keeps the stock kernels reachable under other names, before the import of @gansynth/training/wasm replaces them. */
function keepStockKernels(): void {
  for (const name of stockKernels) tf.registerKernel({ ...tf.getKernel(name, 'wasm'), kernelName: `Stock${name}` });
}

const run = (name: string, inputs: Record<string, tf.Tensor>, attrs: object = {}): void =>
  tf.dispose(tf.engine().runKernel(name, inputs, attrs as Record<string, never>) as tf.Tensor);

/** Side by side, the stock kernel last: it is the reference. */
const pair = (kernel: string, inputs: Record<string, tf.Tensor>, attrs: object = {}): Contender[] => [
  { name: kernel, run: () => run(kernel, inputs, attrs) },
  { name: `${kernel}, stock`, run: () => run(`Stock${kernel}`, inputs, attrs) },
];

/** Images of the paper's networks: [batch, height, width, channels in, channels out]. */
const shapes: [number, number, number, number, number][] = [
  [2, 16, 128, 256, 256],
  [1, 32, 256, 128, 128],
  [1, 64, 512, 64, 64],
  [1, 128, 1024, 32, 32],
];

async function convolutions(): Promise<void> {
  for (const [batch, height, width, input, output] of shapes) {
    const x = tf.randomNormal([batch, height, width, input]);
    const dy = tf.randomNormal([batch, height, width, output]);
    const filter = tf.randomNormal([3, 3, input, output]);
    const attrs = { strides: [1, 1], pad: 'same', dataFormat: 'NHWC', dilations: [1, 1] };
    const gflop = (2 * 9 * batch * height * width * input * output) / 1e9;
    const title = `3x3 convolution of [${x.shape}] to ${output} channels, ${gflop.toFixed(1)} GFLOP`;
    report(title, await measure(pair(tf.Conv2D, { x, filter }, attrs), options));
    report(
      'its filter gradient (wasm has none; reference: the stock convolution, equal work)',
      await measure(
        [
          {
            name: tf.Conv2DBackpropFilter,
            run: () => run(tf.Conv2DBackpropFilter, { x, dy }, { ...attrs, filterShape: filter.shape }),
          },
          { name: 'Conv2D, stock', run: () => run('StockConv2D', { x, filter }, attrs) },
        ],
        options,
      ),
    );
    if (input === 32) {
      const gradient = pair(tf.Conv2DBackpropInput, { dy, filter }, { ...attrs, inputShape: x.shape });
      report('its input gradient', await measure(gradient, { runs: 3, warmup: 1 }));
    }
    tf.dispose([x, dy, filter]);
  }
}

async function others(): Promise<void> {
  const { adam, boxUpscale } = await import('@gansynth/training');
  const a = tf.randomNormal([256, 512]);
  const b = tf.randomNormal([256, 512]);
  report(
    'matMul of [256, 512] transposed and [256, 512]',
    await measure(pair(tf.BatchMatMul, { a, b }, { transposeA: true, transposeB: false }), options),
  );
  const x = tf.randomNormal([1, 128, 1024, 32]) as tf.Tensor4D;
  report(`leaky ReLU of [${x.shape}]`, await measure(pair(tf.LeakyRelu, { x }, { alpha: 0.2 }), options));
  report(
    'its gradient (reference: the composition of stock kernels in TensorFlow.js)',
    await measure(
      [
        { name: 'LeakyReluGrad', run: () => run('LeakyReluGrad', { dy: x, x }, { alpha: 0.2 }) },
        {
          name: 'where(greater(x, 0), dy, mul(dy, 0.2))',
          run: () => tf.tidy(() => void tf.where(tf.greater(x, 0), x, tf.mul(x, 0.2))),
        },
      ],
      options,
    ),
  );
  report(
    `sum over all but channels (bias gradient) of [${x.shape}]`,
    await measure(pair(tf.Sum, { x }, { axis: [0, 1, 2] }), options),
  );
  const small = tf.randomNormal([1, 64, 512, 32]) as tf.Tensor4D;
  report(
    `upscaling of [${small.shape}] by two`,
    await measure(
      [
        { name: 'boxUpscale', run: () => boxUpscale(small, [2, 2]).dispose() },
        { name: 'tf.image.resizeNearestNeighbor', run: () => tf.image.resizeNearestNeighbor(small, [128, 1024]).dispose() },
      ],
      options,
    ),
  );
  const weight = tf.variable(tf.randomNormal([7_311_246]));
  const other = tf.variable(tf.randomNormal([7_311_246]));
  const gradient = tf.randomNormal([7_311_246]);
  const ours = adam({ learningRate: 1e-3 });
  const state = ours.init([weight]);
  const stock = tf.train.adam(1e-3, 0, 0.99);
  report(
    'Adam update of 7.3 million weights',
    await measure(
      [
        { name: 'adam', run: () => ours.update(state, [weight], [gradient]) },
        { name: 'tf.train.adam', run: () => stock.applyGradients([{ name: other.name, tensor: gradient }]) },
      ],
      options,
    ),
  );
}

/** Kernels of @gansynth/training/wasm beside those of tfjs-backend-wasm, on one thread and then, in a process of its own, on all. */
export default async function training(): Promise<void> {
  keepStockKernels();
  const { startThreadedWasm } = await import('@gansynth/training/wasm');
  const isChild = process.env['GANSYNTH_BENCH_THREADED'] !== undefined;
  const { threads } = await startThreadedWasm(isChild ? { stockThreads: availableParallelism() } : { threads: 1 });
  console.log(`\n## wasm, ${threads} thread${threads === 1 ? '' : 's'}`);
  await convolutions();
  await others();
  if (isChild) return;
  spawnSync(process.execPath, [fileURLToPath(new URL('index.js', import.meta.url)), 'training'], {
    stdio: 'inherit',
    env: { ...process.env, GANSYNTH_BENCH_THREADED: '1' },
  });
}
