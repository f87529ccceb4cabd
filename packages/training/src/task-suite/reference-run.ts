import * as tf from '@tensorflow/tfjs-core';
import type { LoopEvent } from '../loop/events.js';
import { runTraining } from '../loop/run-training.js';
import { snapshotOf, type TrainingState } from '../loop/training-state.js';
import type { TaskSubject } from './subject.js';

/** A training from beginning to end that nothing went wrong with. */
export interface ReferenceRun {
  /** After so many steps. */
  readonly states: readonly TrainingState[];
  /** Batches asked for until the end of so many steps. */
  readonly calls: readonly number[];
  readonly events: readonly LoopEvent[];
  /** Tensors alive after each step, with the index of its phase. */
  readonly tensors: readonly { readonly phase: number; readonly count: number }[];
  readonly steps: number;
}

export async function referenceRun(subject: TaskSubject): Promise<ReferenceRun> {
  let call = 0;
  const task = subject.create((number) => {
    call = number;
    return undefined;
  });
  const states = [await snapshotOf(task)];
  const calls = [0];
  const events: LoopEvent[] = [];
  const tensors: { phase: number; count: number }[] = [];
  for await (const event of runTraining(task)) {
    events.push(event);
    if (event.type !== 'step') continue;
    tensors.push({ phase: event.phase.index, count: tf.memory().numTensors });
    // A snapshot makes ready for the next phase, whose beginning is that phase's business.
    states.push(await snapshotOf(task));
    calls.push(call);
  }
  task.dispose();
  return { states, calls, events, tensors, steps: states.length - 1 };
}
