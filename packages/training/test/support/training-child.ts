/*
 * A training run that is meant to be killed: it resumes from the store it is given, takes Adam steps on a small problem with random
 * gradients, saves after every step, and ends at step 60. Prints the final weights.
 */
import { appendFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { adam } from '../../src/index.js';
import { randomStream, randomStreamFrom, type RandomStreamState } from '@gansynth/common/random';
import { openCheckpointStore } from '../../src/node/index.js';

const [directory, journal] = process.argv.slice(2) as [string, string];
const lastStep = 60;
await tf.setBackend('cpu');
const store = await openCheckpointStore(directory, { identity: 'crash test', keepLast: 2 });
const loaded = await store.load();
appendFileSync(journal, `started ${loaded?.step ?? 0} ${loaded?.refusals.length ?? 0}\n`);

const weight = tf.variable(loaded?.tensors['weight'] ?? tf.ones([200, 50]));
const optimiser = adam({ learningRate: 0.01, beta1: 0.5 });
const state = optimiser.init([weight]);
let stream = randomStream(1, 'gradients');
let step = 0;
if (loaded) {
  const saved = loaded.state as unknown as { adamStep: number; stream: RandomStreamState };
  state.step = saved.adamStep;
  state.firstMoments[0]!.assign(loaded.tensors['m']!);
  state.secondMoments[0]!.assign(loaded.tensors['v']!);
  stream = randomStreamFrom(saved.stream);
  step = loaded.step;
}
while (step < lastStep) {
  tf.tidy(() => optimiser.update(state, [weight], [tf.tensor2d(stream.normalValues(200 * 50), [200, 50])]));
  step++;
  await store.save({
    step,
    tensors: { weight, m: state.firstMoments[0] as tf.Tensor, v: state.secondMoments[0] as tf.Tensor },
    state: { adamStep: state.step, stream: { ...stream.state } },
  });
  appendFileSync(journal, `saved ${step}\n`);
}
process.stdout.write(Buffer.from((await weight.data()).buffer as ArrayBuffer).toString('base64'));
