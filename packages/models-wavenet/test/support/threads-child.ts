// Samples on two threads, frees one sampler and leaves another: the process then ends by itself.
import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { waveNetConfig } from '../../src/config/wavenet-config.js';
import { queueEngine } from '../../src/sampler/queue-engine.js';
import { loud } from '../../src/test-support/sampled.js';

await tf.setBackend('cpu');
const running = (): number => (existsSync('/proc/self/task') ? readdirSync('/proc/self/task').length : 0);
const model = loud(waveNetConfig({ layers: 3, width: 64, skipWidth: 64, conditioning: { kind: 'none' } }));
const start = async (): Promise<Awaited<ReturnType<typeof queueEngine>>> => {
  const engine = await queueEngine(model, 1, { threads: 2, trial: null });
  await engine.draw(16, new Float32Array(16));
  return engine;
};
const first = await start();
const threads = [first.threads];
const before = running();
first.dispose();
threads.push(first.threads);
for (let tries = 0; tries < 200 && running() === before; tries++) await wait(20);
const ended = before - running();
threads.push((await start()).threads);
console.log(JSON.stringify({ threads, ended }));
