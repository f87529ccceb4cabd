import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { report } from './measure.js';

const child = fileURLToPath(new URL('processes-child.js', import.meta.url));
const environment = { ...process.env, OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' };
/** As many as the large NSynth WaveNet has parameters, nearly; a paper's GAN has 15 million. */
const floats = 60_000_000;
const runs = 7;

const median = (values: readonly number[]): number => values.toSorted((one, other) => one - other)[values.length >> 1]!;

/** Median milliseconds of the child's runs on so many processes. */
async function timeOf(ranks: number, words: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<number> {
  const bind = ranks === 1 ? ['--bind-to', 'none'] : [];
  const command = ['--oversubscribe', ...bind, '-n', `${ranks}`, process.execPath, child, ...words];
  const { stdout } = await promisify(execFile)('mpirun', command, { env: { ...environment, ...more } });
  return median(JSON.parse(stdout.slice(stdout.lastIndexOf('['))) as number[]);
}

/** Copies as many floats within this process, as a measure of the machine's memory. */
function copyTime(): number {
  const [from, to] = [new Float32Array(floats).fill(1), new Float32Array(floats)];
  const times = Array.from({ length: runs + 2 }, () => {
    const start = performance.now();
    to.set(from);
    return performance.now() - start;
  });
  return median(times.slice(2));
}

/** Sums over processes on this machine, and a training step of as many processors by threads and by processes. */
export default async function run(): Promise<void> {
  if (spawnSync('mpirun', ['--version']).status !== 0) {
    console.log('processes: skipped, no mpirun here (Debian: apt-get install openmpi-bin)');
    return;
  }
  const reduce = ['reduce', `${floats}`, `${runs}`];
  const sums = [
    { name: '2 processes', milliseconds: await timeOf(2, reduce), best: 0 },
    { name: '2 processes, float16', milliseconds: await timeOf(2, reduce, { GANSYNTH_BENCH_WIRE: 'float16' }), best: 0 },
    { name: '4 processes', milliseconds: await timeOf(4, reduce), best: 0 },
    { name: 'one copy in memory', milliseconds: copyTime(), best: 0 },
  ];
  report(`sum of ${floats / 1e6} million gradients, ${(4 * floats) / 1e6} MB`, sums);
  const step = ['step', '3'];
  // In turn: a drift of the machine's speed falls on both.
  const [first, second, third, fourth] = [
    await timeOf(2, step),
    await timeOf(1, step),
    await timeOf(1, step),
    await timeOf(2, step),
  ];
  const loop = ['loop', '500'];
  report('training step, batch 8 as 2 micro-batches, 16x128, wasm', [
    { name: '2 processes, 1 thread each', milliseconds: (first + fourth) / 2, best: 0 },
    { name: 'of that, the loop and one sum of nothing', milliseconds: await timeOf(2, loop), best: 0 },
    { name: 'the loop alone', milliseconds: await timeOf(1, loop), best: 0 },
    { name: '1 process, 2 threads', milliseconds: (second + third) / 2, best: 0 },
  ]);
}
