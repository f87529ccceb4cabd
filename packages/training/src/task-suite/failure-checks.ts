import * as tf from '@tensorflow/tfjs-core';
import { DivergenceError } from '../loop/errors.js';
import { trainStep } from '../loop/train-step.js';
import { snapshotOf } from '../loop/training-state.js';
import { demand, demandEqual, demandFailure, demandSameState, demandState } from './compare.js';
import { finish, sound } from './run-checks.js';
import { sourceFailure, type TaskSubject } from './subject.js';
import type { UnboundCheck } from './task-checks.js';

/** Checks of steps that do not end well. */
export const failureChecks = (subject: TaskSubject): readonly UnboundCheck[] => [
  {
    name: 'ends within one step of an abort that comes from a timer, and goes on as if nothing had been',
    run: async (subject, { states, steps }) => {
      // The first batch comes when the timer is due, however fast the steps are.
      const due = performance.now() + 2;
      const task = subject.create(() => {
        while (performance.now() < due);
        return undefined;
      });
      const controller = new AbortController();
      let atAbort = Number.NaN;
      setTimeout(() => {
        atAbort = task.progress.steps;
        controller.abort();
      }, 0);
      const end = await finish(task, { signal: controller.signal });
      demandEqual(end.reason, 'aborted', `reason of the end after ${end.steps} of ${steps} steps`);
      demand(end.steps - atAbort <= 1, () => `steps after an abort: expected at most 1, found ${end.steps - atAbort}`);
      await demandState(task, states[end.steps], 'after the abort');
      await finish(task);
      await demandState(task, states[steps], 'having gone on to the end');
      task.dispose();
    },
  },
  {
    name: 'undoes a step that is aborted in its middle, its data too',
    run: async (subject, { states, calls, steps }) => {
      const controller = new AbortController();
      const task = subject.create((call) => {
        if (call === calls[2]) controller.abort();
        return undefined;
      });
      const end = await finish(task, { signal: controller.signal });
      demandEqual([end.reason, end.steps], ['aborted', 1], 'reason of the end, and steps');
      await demandState(task, states[1], 'after the abort');
      await finish(task);
      await demandState(task, states[steps], 'having gone on to the end');
      task.dispose();
    },
  },
  {
    name: 'undoes a step whose data source fails, and can make it again',
    run: async (subject, { states, calls, steps }) => {
      let failed = false;
      const task = subject.create((call) => {
        if (failed || call !== calls[2]) return undefined;
        failed = true;
        return 'throws';
      });
      await finish(task, { steps: 1 });
      const tensors = tf.memory().numTensors;
      const error = await demandFailure(() => finish(task), 'a source that fails');
      demand(String(error).includes(sourceFailure), () => `expected the source's own error, found ${String(error)}`);
      demandEqual(tf.memory().numTensors, tensors, 'tensors before and after');
      await demandState(task, states[1], 'after the failure');
      await finish(task);
      await demandState(task, states[steps], 'having gone on to the end');
      task.dispose();
    },
  },
  {
    name: 'undoes a step that fails when all of it is done',
    run: async (subject, { states, steps }) => {
      const task = subject.create(sound);
      await finish(task, { steps: 1 });
      const tensors = tf.memory().numTensors;
      const step = task.step.bind(task);
      task.step = async (context) => ({ ...(await step(context)), losses: { late: Number.NaN } });
      const error = await demandFailure(() => trainStep(task), 'a loss that is not finite');
      task.step = step;
      demand(
        DivergenceError.isInstance(error),
        () => `a loss that is not finite: expected a DivergenceError, found ${String(error)}`,
      );
      demandEqual(tf.memory().numTensors, tensors, 'tensors before and after');
      await demandState(task, states[1], 'after the failure');
      await finish(task);
      await demandState(task, states[steps], 'having gone on to the end');
      task.dispose();
    },
  },
  {
    name: 'refuses a step that diverges, says where, and is then as before it',
    run: async (subject) => {
      const task = subject.createDiverging();
      const first = await trainStep(task);
      const before = await snapshotOf(task);
      const tensors = tf.memory().numTensors;
      const error = await demandFailure(() => trainStep(task), 'a step that diverges');
      if (!DivergenceError.isInstance(error))
        throw new Error(`expected a DivergenceError, found ${String(error)}`, { cause: error });
      const { kind, done, steps, unit, phase, quantity, lastLosses } = error.report;
      demandEqual([kind, done, steps, unit], [task.kind, first.done, 1, task.unit], 'report');
      demandEqual(phase.index, task.phase.index, 'phase in the report');
      demandEqual(lastLosses, first.losses, 'last losses in the report');
      demand(/(loss|gradient norm)$/.test(quantity), () => `quantity: expected a loss or gradient norm, found ${quantity}`);
      demandEqual(tf.memory().numTensors, tensors, 'tensors before and after');
      demandSameState(await snapshotOf(task), before, 'after the step that diverged');
      task.dispose();
    },
  },
  ...Object.entries(subject.refusals).map(([fault, message]): UnboundCheck => ({
    name: `refuses a batch with ${fault}, and is then as before it`,
    run: async (subject, { states, calls }) => {
      const task = subject.create((call) => (call === calls[2] ? fault : undefined));
      await finish(task, { steps: 1 });
      const tensors = tf.memory().numTensors;
      const error = await demandFailure(() => trainStep(task), fault);
      demand(message.test(String(error)), () => `${fault}: expected ${String(message)}, found ${String(error)}`);
      demand(!DivergenceError.isInstance(error), () => `${fault}: expected it to be found in the batch, found ${String(error)}`);
      demandEqual(tf.memory().numTensors, tensors, 'tensors before and after');
      await demandState(task, states[1], 'after the refusal');
      task.dispose();
    },
  })),
];
