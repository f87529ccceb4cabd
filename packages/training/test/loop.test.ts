import { describeOnBackends } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  batchGradients,
  checkManifest,
  restoreTask,
  runTraining,
  snapshotOf,
  stateOf,
  StateError,
  trainStep,
  type RunOptions,
  type SavedTrainingState,
  type UpdateOptions,
} from '../src/index.js';
import { taskChecks, type TaskSubject } from '../src/test.js';
import '../src/wasm.js';
import { LineTask, points, type LineTaskOptions } from './support/line-task.js';

async function resume(state: SavedTrainingState, make: (options: LineTaskOptions) => LineTask): Promise<LineTask> {
  checkManifest(state.manifest, LineTask);
  const task = make({ data: points(99) });
  try {
    await restoreTask(task, state);
  } catch (error) {
    task.dispose();
    throw error;
  }
  return task;
}

const subject = (make: (options: LineTaskOptions) => LineTask): TaskSubject => ({
  create: (tamper) => make({ data: points(1, tamper) }),
  resume: (state) => resume(state, make),
  createDiverging: () => make({ learningRate: 1e30 }),
  refusals: { 'too few points': /expected 4 points, found 1/ },
});

describeOnBackends('a small task', () => {
  for (const { name, run } of taskChecks(subject((options) => new LineTask(options)))) it(name, run);
});

describeOnBackends(
  'a small task in micro-batches',
  () => {
    for (const { name, run } of taskChecks({
      ...subject((options) => new LineTask({ ...options, microBatchSize: 1 })),
      processes: [1, 2, 4],
    }))
      it(name, run);
  },
  ['cpu'],
);

/** Names of the checks that a task fails. */
async function failures(make: (options: LineTaskOptions) => LineTask): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of taskChecks(subject(make))) {
    try {
      await run();
    } catch {
      failed.push(name);
    }
  }
  return failed;
}

const broken: Readonly<Record<string, { readonly make: (options: LineTaskOptions) => LineTask; readonly found: RegExp }>> = {
  'a stream that is not saved': {
    make: (options) => {
      const task = new LineTask(options);
      const parts = Object.fromEntries(Object.entries(task.parts).filter(([name]) => name !== 'streams'));
      return Object.assign(task, { parts });
    },
    found: /stopped and resumed/,
  },
  'weights that are not put back': {
    make: (options) => {
      const task = new LineTask(options);
      task.line.hold = () => ({ restore: () => {}, forget: () => {} });
      return task;
    },
    found: /fails when all of it is done/,
  },
  'data that are not put back': {
    make: (options) => {
      const task = new LineTask(options);
      const { data } = task.parts;
      if (data) data.hold = () => ({ restore: () => {}, forget: () => {} });
      return task;
    },
    found: /goes on as if nothing|undoes a step that is aborted in its middle, its data too/,
  },
  'a tensor that is not freed': {
    make: (options) => {
      const task = new LineTask(options);
      const step = task.step.bind(task);
      task.step = (context) => {
        tf.variable(tf.zeros([1]));
        return step(context);
      };
      return task;
    },
    found: /frees every tensor/,
  },
  'two tensors of one name': {
    make: (options) => {
      const task = new LineTask(options);
      task.average.tensors = () => task.line.tensors();
      return task;
    },
    found: /a name of its own/,
  },
  'gradients that are not reduced': {
    make: (options) => {
      const task = new LineTask(options);
      const step = task.step.bind(task);
      task.step = ({ breathe, check }) => step({ breathe, check });
      return task;
    },
    found: /two processes/,
  },
  'a loss that nobody checks': {
    make: (options) => {
      const task = new LineTask(options);
      const step = task.step.bind(task);
      task.step = async (context) => ({
        ...(await step({ ...context, check: () => {} })),
        losses: { line: 1 },
        gradientNorms: {},
      });
      return task;
    },
    found: /refuses a step that diverges/,
  },
};

describeOnBackends(
  'the suite finds',
  () => {
    it.each(Object.keys(broken))('%s', async (what) => {
      const { make, found } = broken[what] ?? { make: () => new LineTask(), found: /$ / };
      expect((await failures(make)).filter((name) => found.test(name))).not.toEqual([]);
    });
  },
  ['cpu'],
);

describe('a run', () => {
  it('is ended by what a data source throws, unless that is the abort', async () => {
    await tf.setBackend('cpu');
    const task = new LineTask({ data: points(1, (call) => (call === 2 ? 'throws' : undefined)) });
    const controller = new AbortController();
    const events: string[] = [];
    const run = async (): Promise<void> => {
      for await (const event of runTraining(task, { signal: controller.signal })) {
        events.push(event.type);
      }
    };
    await expect(run()).rejects.toThrow('the source failed');
    expect(events).toEqual(['phase', 'step']);
    const failing = new LineTask({
      data: {
        ...points(1),
        next: () => {
          controller.abort();
          return Promise.reject(new Error('broken at the same time'));
        },
      },
    });
    const aborted = async (): Promise<void> => {
      for await (const event of runTraining(failing, { signal: controller.signal })) events.push(event.type);
    };
    const again = new AbortController();
    const wrapped = new LineTask({
      data: {
        ...points(1),
        next: () => {
          again.abort();
          return Promise.reject(new Error('cannot read', { cause: again.signal.reason }));
        },
      },
    });
    for await (const event of runTraining(wrapped, { signal: again.signal })) events.push(event.type);
    expect(events).toEqual(['phase', 'step', 'phase', 'end']);
    await expect(aborted()).rejects.toThrow('broken at the same time');
    for (const each of [task, failing, wrapped]) each.dispose();
  });

  it('says so when a failed step cannot be undone', async () => {
    await tf.setBackend('cpu');
    const source = {
      ...points(1, () => 'throws'),
      restore: () => {
        throw new Error('no way back');
      },
    };
    const task = new LineTask({ data: source });
    await expect(trainStep(task)).rejects.toThrow(/a step failed \(Error: the source failed\).*no way back.*last checkpoint/);
    task.dispose();
  });

  it('has data that JSON would change refused when it is saved', async () => {
    await tf.setBackend('cpu');
    const task = new LineTask({ data: { ...points(1), state: () => new Map() } });
    expect(() => stateOf(task)).toThrow(/data source: state: expected plain JSON in state, found an object of class Map/);
    task.dispose();
  });

  it('cannot be resumed on data that cannot go back', async () => {
    await tf.setBackend('cpu');
    const task = new LineTask();
    const saved = await snapshotOf(task);
    const other = new LineTask({ data: { ...points(1), restore: undefined! } });
    await expect(restoreTask(other, saved)).rejects.toThrow(StateError);
    for (const each of [task, other]) each.dispose();
  });
});

describe('options of a whole stand for those of its parts', () => {
  it('a run for a step, an update for the gradients of a batch', async () => {
    const task = new LineTask({ data: points(1) });
    const run: RunOptions = { steps: 3, signal: new AbortController().signal };
    expect((await trainStep(task, run)).step).toBe(1);
    task.dispose();
    const weight = tf.variable(tf.scalar(3));
    const update: UpdateOptions = { name: 'line', batchSize: 2, microBatchSize: null, learningRate: 0.1 };
    const { gradients, losses } = await batchGradients([weight], update, () => ({ total: tf.square(weight) }));
    expect(losses.total).toBe(9);
    expect(gradients[0]?.dataSync()).toEqual(Float32Array.of(6));
    tf.dispose([gradients[0]!, weight]);
  });
});
