import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { gansynthMel, denseOperator, geometry, makeWindow, representation } from '@gansynth/spectral';
import { measure, report, type Contender } from './measure.js';

const samples = 64_000;
const { bins, frames, fftSize, hop, padLeft } = geometry({ bins: 1024, frames: 128 });

/** A note of 12 decaying harmonics over a little noise: what is measured does not depend on the values. */
const note = Float32Array.from({ length: samples }, (_, n) => {
  let value = 0.01 * Math.sin(n * n);
  for (let k = 1; k <= 12; k++) value += (0.3 / k) * Math.sin((2 * Math.PI * 220 * k * n) / 16_000 + k);
  return value * Math.exp(-n / 32_000);
});

/**
 * The plain method: frames one note at a time, the full complex DFT as one matrix product (2048 x 4096), mel as dense 1024 x 1024
 * products, every step of the original as one tensor operation.
 */
function plainMethod(): { encode: (x: tf.Tensor2D) => tf.Tensor; decode: (x: tf.Tensor4D) => tf.Tensor; dispose: () => void } {
  const angle = (k: number, n: number): number => (2 * Math.PI * ((k * n) % fftSize)) / fftSize;
  const table = (f: (n: number, k: number) => number): tf.Tensor2D => {
    const values = new Float32Array(fftSize * 2 * fftSize);
    for (let n = 0; n < fftSize; n++) for (let k = 0; k < 2 * fftSize; k++) values[n * 2 * fftSize + k] = f(n, k);
    return tf.tensor2d(values, [fftSize, 2 * fftSize]);
  };
  const window = makeWindow('hann', fftSize);
  const dft = table((n, k) => window[n]! * (k < fftSize ? Math.cos(angle(k, n)) : -Math.sin(angle(k, n))));
  const inverseDft = tf.transpose(
    table((n, k) => (window[n]! / 1.5 / fftSize) * (k < fftSize ? Math.cos(angle(k, n)) : -Math.sin(angle(k, n)))),
  );
  const { forward, inverse } = gansynthMel({ bins });
  const mel = tf.tensor2d(Float32Array.from(denseOperator(forward)), [bins, bins]);
  const linear = tf.tensor2d(Float32Array.from(denseOperator(inverse)), [bins, bins]);
  const unwrapAndDifference = (phase: tf.Tensor2D): tf.Tensor2D => {
    const d = tf.sub(tf.slice(phase, [1, 0]), tf.slice(phase, [0, 0], [frames - 1, bins]));
    const wrapped = tf.sub(tf.mod(tf.add(d, Math.PI), 2 * Math.PI), Math.PI);
    const corrections = tf.cumsum(tf.sub(wrapped, d), 0);
    const unwrapped = tf.concat(
      [tf.slice(phase, [0, 0], [1, bins]), tf.add<tf.Tensor2D>(tf.slice(phase, [1, 0]), corrections)],
      0,
    );
    const differences = tf.sub<tf.Tensor2D>(tf.slice(unwrapped, [1, 0]), tf.slice(unwrapped, [0, 0], [frames - 1, bins]));
    return tf.div(tf.concat([tf.slice(unwrapped, [0, 0], [1, bins]), differences], 0), Math.PI);
  };
  const encode = (audio: tf.Tensor2D): tf.Tensor =>
    tf.tidy(() => {
      const padded = tf.pad(tf.reshape(audio, [samples]), [[padLeft, 0]]);
      const rows = Array.from({ length: frames }, (_, t) => tf.slice(padded, [t * hop], [fftSize]));
      const spectrum = tf.matMul(tf.stack(rows) as tf.Tensor2D, dft);
      const real = tf.slice(spectrum, [0, 1], [frames, bins]);
      const imaginary = tf.slice(spectrum, [0, fftSize + 1], [frames, bins]);
      const level = tf.log(tf.add<tf.Tensor2D>(tf.sqrt(tf.add<tf.Tensor2D>(tf.square(real), tf.square(imaginary))), 1e-6));
      const frequency = unwrapAndDifference(tf.atan2<tf.Tensor2D>(imaginary, real));
      const melLevel = tf.log(tf.add<tf.Tensor2D>(tf.matMul(tf.exp(tf.mul<tf.Tensor2D>(level, 2)), mel), 1e-6));
      const melPhase = tf.matMul<tf.Tensor2D>(tf.cumsum(tf.mul<tf.Tensor2D>(frequency, Math.PI), 0), mel);
      return tf.stack([melLevel, unwrapAndDifference(melPhase as tf.Tensor2D)], 2);
    });
  const decode = (image: tf.Tensor4D): tf.Tensor =>
    tf.tidy(() => {
      const [melLevel, melFrequency] = tf.unstack(tf.reshape(image, [frames, bins, 2]), 2) as [tf.Tensor2D, tf.Tensor2D];
      const level = tf.mul<tf.Tensor2D>(tf.log(tf.add<tf.Tensor2D>(tf.matMul(tf.exp(melLevel), linear), 1e-6)), 0.5);
      const melPhase = tf.matMul(tf.cumsum(tf.mul<tf.Tensor2D>(melFrequency, Math.PI), 0), linear);
      const phase = tf.cumsum<tf.Tensor2D>(tf.mul<tf.Tensor2D>(unwrapAndDifference(melPhase as tf.Tensor2D), Math.PI), 0);
      const magnitude = tf.exp(level);
      // The full spectrum: DC, bins 1 ... N / 2, and their mirror image.
      const full = (part: tf.Tensor2D, sign: 1 | -1): tf.Tensor2D =>
        tf.concat(
          [
            tf.zeros<tf.Rank.R2>([frames, 1]),
            part,
            tf.mul<tf.Tensor2D>(tf.reverse(tf.slice(part, [0, 0], [frames, bins - 1]), 1), sign),
          ],
          1,
        );
      const real = full(tf.mul(magnitude, tf.cos(phase)), 1);
      const imaginary = full(tf.mul(magnitude, tf.sin(phase)), -1);
      const rows = tf.unstack(tf.matMul(tf.concat([real, imaginary], 1), inverseDft)) as tf.Tensor1D[];
      const total = hop * (frames - 1) + fftSize;
      let audio = tf.zeros<tf.Rank.R1>([total]);
      for (const [t, row] of rows.entries()) {
        const next = tf.add<tf.Tensor1D>(audio, tf.pad(row, [[t * hop, total - t * hop - fftSize]]));
        tf.dispose([audio, row]);
        audio = next;
      }
      return tf.slice(audio, [padLeft], [samples]);
    });
  return { encode, decode, dispose: () => tf.dispose([dft, inverseDft, mel, linear]) };
}

const read = (x: tf.Tensor): void => {
  x.dataSync();
  x.dispose();
};

/** Smallest CPU time of some runs, in milliseconds: on a machine that others use as well, steadier than wall time. */
function cpuTime(run: () => void, runs: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

async function onBackend(backend: string, scipy: ScipyEncoder | undefined): Promise<void> {
  await tf.setBackend(backend);
  await tf.ready();
  const rep = representation({ kind: 'if-mel' });
  const plain = plainMethod();
  const audio = tf.tensor2d(note, [1, samples]);
  const image = rep.encode(audio);
  const eight = tf.tile(audio, [8, 1]);
  const eightImages = rep.encode(eight);
  const gap = tf.tidy(() => {
    const back = plain.decode(image);
    return tf.max(tf.abs(tf.sub(tf.reshape(rep.decode(image), [samples]), back))).dataSync()[0]!;
  });
  console.log(`\n${backend}: the plain method decodes the same audio to within ${gap.toExponential(1)}`);
  // The plain method takes seconds a note on cpu: once is enough there.
  const against: Contender[] = scipy === undefined ? [] : [{ name: 'scipy.fft, one process', run: scipy.encode }];
  const settings = backend === 'cpu' ? { runs: 1, warmup: 0 } : { runs: 9, warmup: 2 };
  for (let i = 0; i < 10; i++) read(rep.decode(tf.tidy(() => rep.encode(audio))));
  report(
    `${backend}: encode if-mel, one note of 64,000 samples, 128 x 1024`,
    await measure(
      [
        { name: 'representation.encode', run: () => read(rep.encode(audio)) },
        ...against,
        { name: 'plain method', run: () => read(plain.encode(audio)) },
      ],
      settings,
    ),
  );
  report(
    `${backend}: decode`,
    await measure(
      [
        { name: 'representation.decode', run: () => read(rep.decode(image)) },
        { name: 'plain method', run: () => read(plain.decode(image)) },
      ],
      settings,
    ),
  );
  const batch = await measure(
    [
      { name: 'encode', run: () => read(rep.encode(eight)) },
      { name: 'decode', run: () => read(rep.decode(eightImages)) },
    ],
    { runs: 5, warmup: 1 },
  );
  const pairs: [string, () => void, () => void][] = [
    ['encode', () => read(rep.encode(audio)), () => read(plain.encode(audio))],
    ['decode', () => read(rep.decode(image)), () => read(plain.decode(image))],
  ];
  for (const [name, ours, theirs] of pairs) {
    const [fast, slow] = [cpuTime(ours, 20), cpuTime(theirs, backend === 'cpu' ? 1 : 5)];
    console.log(
      `  CPU time, least: ${name} ${fast.toFixed(1)} ms, plain method ${slow.toFixed(0)} ms (${(slow / fast).toFixed(0)} x)`,
    );
  }
  for (const { name, milliseconds } of batch) console.log(`  batch of 8: ${name} ${(8000 / milliseconds).toFixed(0)} notes/s`);
  tf.dispose([audio, image, eight, eightImages]);
  plain.dispose();
}

/** The same encode in numpy and scipy.fft, in one Python process that times every call itself, on request. */
interface ScipyEncoder {
  readonly encode: () => Promise<void>;
  readonly stop: () => void;
}

const python = `
import sys
import numpy as np, scipy.fft, scipy.sparse
dense = np.fromfile(sys.argv[1], dtype='<f4').reshape(1024, 1024)
mel = scipy.sparse.csr_matrix(dense)
x = np.fromfile(sys.argv[2], dtype='<f4')
window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(2048) / 2048)).astype('f4')
def frequency(p):
    u = np.unwrap(p, axis=0)
    return np.concatenate([u[:1], np.diff(u, axis=0)]) / np.float32(np.pi)
def encode():
    padded = np.concatenate([np.zeros(3072, 'f4'), x])
    framed = np.lib.stride_tricks.sliding_window_view(padded, 2048)[::512] * window
    X = scipy.fft.rfft(framed, axis=-1)[:, 1:]
    level = np.log(np.abs(X) + np.float32(1e-6))
    phase = np.cumsum(frequency(np.angle(X)) * np.float32(np.pi), axis=0)
    power = np.exp(2 * level)
    return np.stack([np.log(power @ mel + np.float32(1e-6)), frequency(phase @ mel)], -1)
print('ready', flush=True)
for line in sys.stdin:
    encode()
    print('done', flush=True)
`;

async function startScipy(): Promise<ScipyEncoder | undefined> {
  const { mkdtempSync, rmSync, writeFileSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const folder = mkdtempSync(`${tmpdir()}/spectral-bench-`);
  writeFileSync(`${folder}/mel`, Float32Array.from(denseOperator(gansynthMel({ bins }).forward)));
  writeFileSync(`${folder}/note`, note);
  for (const command of ['python3', '/usr/bin/python3']) {
    const child = spawn(command, ['-c', python, `${folder}/mel`, `${folder}/note`], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
    });
    const failed = new Promise<'failed'>((resolve) => {
      child.once('error', () => resolve('failed'));
      child.once('exit', () => resolve('failed'));
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await Promise.race([lines.next(), failed]);
    if (first === 'failed' || first.done === true) continue;
    return {
      encode: async () => {
        child.stdin.write('\n');
        await lines.next();
      },
      stop: () => {
        child.stdin.end();
        rmSync(folder, { recursive: true });
      },
    };
  }
  rmSync(folder, { recursive: true });
  console.log('No python3 with numpy and scipy: that comparison is left out.');
  return undefined;
}

/** One full-size note, if-mel, against the plain method and against scipy; every figure beside its reference of the same run. */
export default async function spectral(): Promise<void> {
  const require = createRequire(import.meta.url);
  setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`);
  const scipy = await startScipy();
  for (const backend of ['wasm', 'cpu']) await onBackend(backend, scipy);
  scipy?.stop();
}
