import * as tf from '@tensorflow/tfjs-core';
import { jsonField } from '../json.js';
import { StateError } from '../loop/errors.js';
import { demand, demandFailure, demandState, demandEqual, stored } from './compare.js';
import { finish } from './run-checks.js';
import type { TaskSubject } from './subject.js';
import type { UnboundCheck } from './task-checks.js';

/** Checks of saving and going on. */
export const resumeChecks = (subject: TaskSubject): readonly UnboundCheck[] => [
  {
    name: `ends in the same state bit for bit when stopped and resumed, ${subject.stops ? `after step ${subject.stops.join(', ')}` : 'after any step'}`,
    run: async (subject, { states, steps }) => {
      const stops = subject.stops ?? states.slice(1, -1).map((_, index) => index + 1);
      for (const stop of stops) {
        const state = states[stop];
        demand(state !== undefined, () => `stop: expected one of ${steps} steps, found ${stop}`);
        const task = await subject.resume(stored(state));
        await demandState(task, state, `resumed after step ${stop}`);
        await finish(task);
        await demandState(task, states[steps], `resumed after step ${stop}, at the end`);
        task.dispose();
      }
    },
  },
  {
    name: 'refuses states of another kind, of a newer version, without a part or a tensor, and leaves nothing behind',
    run: async (subject, { states }) => {
      const state = states[1];
      demand(state !== undefined, () => 'no state');
      const { manifest, tensors } = stored(state);
      const changed = (change: object): unknown => Object.assign({}, manifest, change);
      const [lost] = Object.keys(tensors);
      const without = Object.fromEntries(Object.entries(tensors).filter(([name]) => name !== lost));
      const cases: [string, unknown, typeof tensors][] = [
        ['no manifest', undefined, tensors],
        ['another format', changed({ format: 'x' }), tensors],
        ['another kind', changed({ kind: 'x' }), tensors],
        ['a newer version', changed({ version: 1e6 }), tensors],
        ['no config', changed({ config: null }), tensors],
        ['no steps', changed({ steps: null }), tensors],
        ['no parts', changed({ parts: {} }), tensors],
        [`no ${lost}`, manifest, without],
      ];
      demand(jsonField(manifest, 'kind') === state.manifest.kind, () => 'kind was lost');
      const before = tf.memory().numTensors;
      for (const [what, saved, weights] of cases) {
        const error = await demandFailure(() => subject.resume({ manifest: saved, tensors: weights }), what);
        demand(StateError.isInstance(error), () => `${what}: expected a StateError, found ${String(error)}`);
        demandEqual(tf.memory().numTensors, before, `${what}: tensors before and after`);
      }
    },
  },
];
