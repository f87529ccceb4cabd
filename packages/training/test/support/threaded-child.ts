import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '../../src/index.js';
import { startThreadedWasm } from '../../src/wasm/index.js';
import { poolOf, type WasmBackend } from '../../src/wasm/memory.js';

const mode = process.argv[2];
if (mode === 'broken') process.env['TMPDIR'] = '/nonexistent';
/** What a start changes while it is at work. */
const surroundings = (): unknown[] => {
  const workers = process.getBuiltinModule('node:worker_threads');
  const os = process.getBuiltinModule('node:os');
  const { instantiate, instantiateStreaming } = WebAssembly;
  return [workers.Worker, globalThis.Worker, URL.createObjectURL, os.cpus, instantiate, instantiateStreaming];
};
/** Seconds that a start with helpers that come late is to last: it is ended as soon as one has come. */
const patience = 1234;
const hangs = mode === 'hanging' || mode === 'hanging-shared';
// As where the script of a helper never loads. Without Node's helpers: as in Deno, whose memory is shared otherwise.
if (mode === 'hanging-shared') Object.assign(globalThis, { Deno: {} });
const fs = process.getBuiltinModule('node:fs');
const folder = hangs ? fs.mkdtempSync(`${process.getBuiltinModule('node:os').tmpdir()}/threaded-child-`) : undefined;
if (folder !== undefined) {
  process.env['TMPDIR'] = folder;
  const factory = tf.findBackendFactory('wasm')!;
  tf.removeBackend('wasm');
  let first = true;
  tf.registerBackend('wasm', () => {
    if (!first) return factory();
    first = false;
    return new Promise<never>(() => {});
  });
}
/** Lets the helpers be ready that came late; true once they have ended. */
const lateHelpersEnd = mode === 'late-helpers' ? holdHelpers() : undefined;
const before = surroundings();
if (mode === 'late') await tf.setBackend('wasm');
// The machine of the test may have a single processor.
const os = process.getBuiltinModule('node:os');
os.availableParallelism = (): number => 2;

const started = await startThreadedWasm({
  threads: mode === 'one' ? 1 : 2,
  ...(hangs && { timeoutSeconds: 0.2 }),
  ...(lateHelpersEnd && { timeoutSeconds: patience }),
});
const restored = surroundings().every((part, i) => part === before[i]) && (!folder || fs.readdirSync(folder).length === 0);
if (folder !== undefined) fs.rmSync(folder, { recursive: true, force: true });
const ended = await lateHelpersEnd?.();
const again = await startThreadedWasm();

/** Helpers seem ready only when they are let, and a start has lost its patience by then. */
function holdHelpers(): () => Promise<boolean> {
  const workers = process.getBuiltinModule('node:worker_threads');
  const { Worker } = workers;
  const { setTimeout } = globalThis;
  let losePatience: (() => void) | undefined;
  Object.assign(globalThis, {
    setTimeout: (work: () => void, milliseconds?: number) => {
      if (milliseconds === 1000 * patience) losePatience = work;
      return setTimeout(work, milliseconds);
    },
  });
  let letThem: (() => void) | undefined;
  const areLet = new Promise<void>((resolve) => (letThem = resolve));
  const ends: Promise<unknown>[] = [];
  workers.Worker = class extends Worker {
    constructor(file: string | URL, options?: ConstructorParameters<typeof Worker>[1]) {
      super(file, options);
      if (!options?.eval) return;
      ends.push(new Promise((resolve) => this.on('exit', resolve)));
      const once = this.once.bind(this) as (event: string, listener: (value: unknown) => void) => unknown;
      Object.assign(this, {
        once: (event: string, listener: (value: unknown) => void) =>
          once(event, (value) => {
            if (event !== 'message') return listener(value);
            losePatience?.();
            void areLet.then(() => listener(value));
          }),
      });
    }
  };
  return async () => {
    letThem?.();
    await Promise.all(ends);
    return ends.length > 0;
  };
}

/** Convolutions and their filter gradients, large enough to be shared among threads, summed. */
function sums(): number[] {
  // 3 x 3 by Winograd's transforms, 5 x 3 directly.
  return [3, 5].flatMap((height) =>
    tf.tidy(() => {
      const x = tf.reshape(tf.sin(tf.range(0, 2 * 63 * 65 * 16)), [2, 63, 65, 16]) as tf.Tensor4D;
      const filter = tf.reshape(tf.cos(tf.range(0, height * 3 * 16 * 16)), [height, 3, 16, 16]) as tf.Tensor4D;
      const convolve = (filter: tf.Tensor): tf.Tensor => tf.conv2d(x, filter as tf.Tensor4D, 1, 'same');
      const gradient = tf.grad((filter) => tf.sum(tf.square(convolve(filter))))(filter);
      return [tf.sum(tf.abs(convolve(filter))), tf.sum(tf.abs(gradient))].map((sum) => sum.dataSync()[0]!);
    }),
  );
}
const pool = poolOf(tf.backend() as unknown as WasmBackend)?.threads ?? 1;
const here = sums();
await tf.setBackend('cpu');
const ratios = sums().map((sum, i) => here[i]! / sum);
console.log(JSON.stringify({ started, restored, ended, again, pool, ratios }));
