import * as tf from '@tensorflow/tfjs-core';
import { runTraining } from '../loop/run-training.js';
import { addInPairs, addLosses } from '../parameters/add-in-pairs.js';
import type { GradientSum, ReduceGradients } from '../parameters/gradient-sum.js';
import { demand, demandEqual, demandState } from './compare.js';
import { sound } from './run-checks.js';
import type { TaskSubject } from './subject.js';
import type { UnboundCheck } from './task-checks.js';

/** Frees neither. */
const addTensors = (one: tf.Tensor | null, other: tf.Tensor | null): tf.Tensor | null =>
  one && other ? tf.add(one, other) : (one ?? other);

/** The sums of all processes, added up. */
const total = (sums: readonly GradientSum[]): GradientSum => ({
  gradients: (sums[0]?.gradients ?? []).map((_, index) =>
    addInPairs(
      sums.map(({ gradients }) => gradients[index] ?? null),
      addTensors,
    ),
  ),
  losses: addLosses(sums.map(({ losses }) => losses)),
  examples: sums.reduce((examples, sum) => examples + sum.examples, 0),
});

/** As many processes as there are ranks, all in this one: each waits until all have come to the same update. */
function processes(ranks: number): readonly ReduceGradients[] {
  let waiting: { sum: GradientSum; name: string; answer: (sum: GradientSum) => void }[] = [];
  const meet = (): void => {
    const all = waiting;
    waiting = [];
    demandEqual(new Set(all.map(({ name }) => name)).size, 1, 'different updates that are reduced together');
    tf.tidy(() => {
      const sum = total(all.map((one) => one.sum));
      for (const { answer } of all) answer({ ...sum, gradients: sum.gradients.map((one) => one && tf.keep(tf.clone(one))) });
    });
    for (const { sum } of all) for (const gradient of sum.gradients) gradient?.dispose();
  };
  return Array.from({ length: ranks }, (_, rank) =>
    Object.assign(
      (sum: GradientSum, { name }: { readonly name: string }) =>
        new Promise<GradientSum>((answer) => {
          // In the order of the ranks, whichever comes first.
          waiting[rank] = { sum, name, answer };
          if (waiting.filter(Boolean).length === ranks) meet();
        }),
      { rank, ranks },
    ),
  );
}

/** Checks of a training that is shared among processes. */
export const processChecks = ({ processes: counts = [] }: TaskSubject): UnboundCheck[] =>
  counts.map((ranks) => ({
    name: `is the same run on ${ranks} processes, each with its share of the micro-batches, bit for bit`,
    run: async (subject, { states, steps, events }) => {
      const tasks = processes(ranks).map((reduceGradients) => ({ task: subject.create(sound), reduceGradients }));
      const seen = await Promise.all(
        tasks.map(async ({ task, reduceGradients }) => {
          const losses: unknown[] = [];
          for await (const event of runTraining(task, { reduceGradients }))
            if (event.type === 'step') losses.push([event.losses, event.gradientNorms]);
          return losses;
        }),
      );
      const alone = events.flatMap((event) => (event.type === 'step' ? [[event.losses, event.gradientNorms]] : []));
      demand(alone.length === steps, () => `steps: expected ${steps}, found ${alone.length}`);
      for (const [rank, { task }] of tasks.entries()) {
        demandEqual(seen[rank], alone, `losses and norms of process ${rank}`);
        await demandState(task, states[steps], `process ${rank} at the end`);
        task.dispose();
      }
    },
  }));
