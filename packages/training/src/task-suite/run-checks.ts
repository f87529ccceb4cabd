import * as tf from '@tensorflow/tfjs-core';
import { ArgumentError } from '../errors.js';
import type { EndEvent, LoopEvent } from '../loop/events.js';
import { runTraining, type RunOptions } from '../loop/run-training.js';
import { trainStep } from '../loop/train-step.js';
import { stateOf } from '../loop/training-state.js';
import type { TrainingTask } from '../loop/training-task.js';
import type { ReduceGradients } from '../parameters/gradient-sum.js';
import { demand, demandDistinctNames, demandEqual, demandFailure, demandState } from './compare.js';
import type { UnboundCheck } from './task-checks.js';
import type { Tamper } from './subject.js';

export const sound: Tamper = () => undefined;

/** Trains to the end of a run. */
export async function finish(task: TrainingTask, options: RunOptions = {}): Promise<EndEvent> {
  let last: LoopEvent | undefined;
  for await (const event of runTraining(task, options)) last = event;
  demand(last?.type === 'end', () => `last event of a run: expected type end, found ${last?.type}`);
  return last;
}

const refuse: ReduceGradients = ({ gradients }) => {
  for (const gradient of gradients) gradient?.dispose();
  return Promise.reject(new Error('a process is gone'));
};

/** Checks of a training that nothing goes wrong with. */
export const runChecks: readonly UnboundCheck[] = [
  {
    name: 'tells of its phases, steps and end in order, in plain JSON with finite losses',
    run: async (_subject, { events, steps }) => {
      let [done, step, phase] = [0, 0, Number.NaN];
      for (const event of events) {
        demandEqual(JSON.parse(JSON.stringify(event)), event, `${event.type} event, through JSON`);
        if (event.type === 'phase') {
          demand(event.phase.index !== phase, () => `phase ${phase}: expected another one, found it again`);
          demand(event.phase.label.length > 0, () => 'phase: expected a label, found none');
          demandEqual([event.done, event.steps], [done, step], 'done and steps of a phase event');
          phase = event.phase.index;
        } else if (event.type === 'step') {
          const { examples, losses, gradientNorms } = event;
          done += examples;
          demandEqual([event.step, event.done, event.phase.index], [++step, done, phase], 'step, done and phase of a step event');
          const numbers = [
            ...Object.values(losses),
            ...Object.values(gradientNorms),
            event.milliseconds,
            event.examplesPerSecond,
          ];
          demand(numbers.every(Number.isFinite), () => `numbers of a step: expected finite ones, found ${numbers.join(', ')}`);
          demand(Object.keys(losses).length > 0, () => 'losses: expected at least one, found none');
          demandEqual(event.done >= event.total, step === steps, `${event.done} of ${event.total} at step ${step}: the last`);
        } else demandEqual(event, { type: 'end', reason: 'complete', done, steps: step }, 'end');
      }
      demandEqual([events[0]?.type, events.at(-1)?.type], ['phase', 'end'], 'types of the first and last event');
      demand(steps >= 3, () => `steps: expected at least 3 to look at, found ${steps}`);
    },
  },
  {
    name: 'ends at the number of steps asked for, and takes no step beyond its schedule',
    run: async (subject, { states, steps }) => {
      const task = subject.create(sound);
      demandEqual((await finish(task, { steps: 1 })).reason, 'limit', 'reason of the end');
      await demandState(task, states[1], 'after one step');
      demandEqual((await finish(task)).reason, 'complete', 'reason of the end');
      await demandState(task, states[steps], 'at the end');
      const error = await demandFailure(() => trainStep(task), 'a step beyond the schedule');
      demand(
        ArgumentError.isInstance(error),
        () => `a step beyond the schedule: expected an ArgumentError, found ${String(error)}`,
      );
      task.dispose();
    },
  },
  {
    name: 'frees every tensor it makes: as many after each step of a phase, none after dispose',
    run: async (subject, { tensors }) => {
      const phases = new Map<number, Set<number>>();
      for (const { phase, count } of tensors) phases.set(phase, (phases.get(phase) ?? new Set()).add(count));
      for (const [phase, counts] of phases) demandEqual(counts.size, 1, `numbers of tensors after steps of phase ${phase}`);
      const before = tf.memory().numTensors;
      const task = subject.create(sound);
      await finish(task, { steps: 2 });
      task.dispose();
      demandEqual(tf.memory().numTensors, before, 'tensors before and after a task');
    },
  },
  {
    name: 'has a name of its own for every tensor',
    run: async (subject) => {
      const task = subject.create(sound);
      demandDistinctNames(task);
      task.dispose();
    },
  },
  {
    name: 'takes one step at a time, and has no state to give meanwhile',
    run: async (subject, { states }) => {
      const task = subject.create(sound);
      const running = trainStep(task);
      for (const work of [() => trainStep(task), () => stateOf(task)]) {
        const error = await demandFailure(work, 'beside a step');
        demand(/Await it first/.test(String(error)), () => `beside a step: expected "Await it first", found ${String(error)}`);
      }
      await running;
      await demandState(task, states[1], 'after the step');
      task.dispose();
    },
  },
  {
    name: 'has its gradients reduced before they are checked and applied: two processes with the same batch make the same step',
    run: async (subject, { states }) => {
      const task = subject.create(sound);
      const asked: string[] = [];
      const twice: ReduceGradients = async ({ gradients, losses, examples }, { name }) => {
        asked.push(name);
        const sums = gradients.map((gradient) => gradient && tf.mul(gradient, 2));
        for (const gradient of gradients) gradient?.dispose();
        const doubled = Object.entries(losses).map(([term, value]) => [term, 2 * value]);
        return { gradients: sums, losses: Object.fromEntries(doubled), examples: 2 * examples };
      };
      await demandState(task, states[0], 'before');
      const before = tf.memory().numTensors;
      await finish(task, { steps: 1, reduceGradients: twice });
      demandEqual(tf.memory().numTensors, before, 'tensors before and after a reduced step');
      demand(asked.length > 0, () => 'reductions: expected at least one a step, found none');
      await demandState(task, states[1], 'after a reduced step');
      await demandFailure(() => trainStep(task, { reduceGradients: refuse }), 'a step that cannot be reduced');
      await demandState(task, states[1], 'after a step that could not be reduced');
      task.dispose();
    },
  },
];
