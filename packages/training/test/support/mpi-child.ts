/*
 * One of several processes: trains a small task, and says on standard output, as JSON lines, what it came to.
 *
 * tsx mpi-child.ts MODE [WIRE]: train, or what is to go wrong.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { createHash } from 'node:crypto';
import { runTraining, stateOf } from '../../src/index.js';
import { startProcesses } from '../../src/mpi.js';
import { LineTask, points } from './line-task.js';

const [mode = 'train', wire = 'float32'] = process.argv.slice(2);
const say = (what: object): void => void process.stdout.write(`${JSON.stringify(what)}\n`);

await tf.setBackend('cpu');
const steps = mode === 'train' || mode === 'unclosed' ? 5 : 1_000_000;
// Another seed: other data, and another recipe by them.
const processes = await startProcesses({ patience: 3, wire: wire === 'float16' ? 'float16' : 'float32' });
const { rank, ranks, localRank, localRanks, reduceGradients, signal } = processes;
const isOdd = rank === 1;
const others = mode === 'apart' && isOdd ? { kind: 'other' } : {};
try {
  await processes.agree('recipe', mode === 'disagree' && isOdd ? 'b' : 'a');
  const task = new LineTask({ data: points(1), microBatchSize: 1, steps });
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const reduce = Object.assign(
    (...[sum, of]: Parameters<typeof reduceGradients>) =>
      reduceGradients(sum, others.kind && task.progress.steps === 3 ? { ...of, name: others.kind } : of),
    { rank, ranks },
  );
  let end: unknown;
  for await (const event of runTraining(task, { reduceGradients: reduce, signal })) {
    if (event.type === 'end') end = event.reason;
    if (event.type !== 'step') continue;
    if (event.step === 3 && rank === 0) say({ begun: process.pid });
    if (event.step !== 3 || !isOdd) continue;
    if (mode === 'stop') processes.stop();
    if (mode === 'freeze') process.kill(process.pid, 'SIGSTOP');
    if (mode === 'die') process.kill(process.pid, 'SIGKILL');
    if (mode === 'throw') throw new Error('no more');
  }
  clearInterval(timer);
  const { tensors } = stateOf(task);
  const hash = createHash('sha256');
  const weights: number[] = [];
  for (const [name, tensor] of Object.entries(tensors)) {
    const values = await tensor.data();
    hash.update(name).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    if (name === 'slope') weights.push(...values);
  }
  task.dispose();
  say({
    rank,
    ranks,
    localRank,
    localRanks,
    end,
    steps: task.progress.steps,
    state: hash.digest('hex'),
    weights,
    ticks,
    tensors: tf.memory().numTensors,
  });
  if (mode !== 'unclosed') await processes.close();
} catch (error) {
  if (mode === 'throw') throw error;
  process.stderr.write(`${String(error)}\n`);
  processes.abort(3);
}
