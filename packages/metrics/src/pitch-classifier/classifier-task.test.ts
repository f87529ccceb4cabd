import { describeOnBackends } from '@gansynth/test-kit';
import '@gansynth/training/wasm';
import { runTraining, stateOf, type SavedTrainingState, type TrainingTask } from '@gansynth/training';
import { tamperedSource, taskChecks, type Tamper, type TaskSubject } from '@gansynth/training/test';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import {
  type ClassifierBatch,
  classifierInput,
  classifierSource,
  type ClassifierSource,
  ClassifierTask,
  type ClassifierTaskOptions,
  createPitchClassifier,
  hertzOfPitch,
  resumeClassifierTask,
  smallClassifier,
  trainPitchClassifier,
} from '../index.js';
import { tone } from '../test-support/notes.js';

const small = smallClassifier({
  lowestPitch: 60,
  outputs: { pitches: 4 },
  batchNormDecay: 0.75,
  input: { samples: 4000, fftSize: 64, hop: 64, frames: 64, pool: 32 },
});
const settings = { ...small, dense: 8, blocks: small.blocks.map((block) => ({ ...block, channels: 2 })) };

const examples = [0, 1, 2, 3, 4, 5].map((i) => ({
  input: classifierInput(tone(hertzOfPitch(60 + (i % 4)), { partials: [1, 0.1 * i], seconds: 0.25 }), settings.input),
  pitch: 60 + (i % 4),
}));

const source = (seed = 1): Required<ClassifierSource> => classifierSource(examples, settings, { seed });

const faults: Readonly<Record<string, (batch: ClassifierBatch) => ClassifierBatch>> = {
  'class indices for MIDI pitches': (batch) => ({ ...batch, pitches: Array.from(batch.pitches, (pitch) => pitch - 60) }),
  'one label less': (batch) => ({ ...batch, pitches: Array.from(batch.pitches).slice(1) }),
  'one note less': (batch) => {
    const inputs = tf.slice4d(batch.inputs, [1, 0, 0, 0], [-1, -1, -1, -1]);
    batch.inputs.dispose();
    return { ...batch, inputs };
  },
};

/** A task that frees its classifier with itself. */
function owning(task: ClassifierTask): TrainingTask {
  const dispose = task.dispose.bind(task);
  task.dispose = () => {
    dispose();
    task.classifier.dispose();
  };
  return task;
}

const create = (options: Partial<ClassifierTaskOptions> = {}): TrainingTask =>
  owning(
    new ClassifierTask(createPitchClassifier(settings, { seed: 2 }), {
      source: source(),
      steps: 4,
      batchSize: 4,
      // A staircase, so that a resumed training must know where on it it stands.
      learningRate: [
        { from: 0, rate: 5e-3 },
        { from: 2, rate: 1e-3 },
      ],
      ...options,
    }),
  );

/** What batch norm remembers after a step, layer by layer. */
async function meansAfter(options: Partial<ClassifierTaskOptions>): Promise<number[][]> {
  const task = create({ source: source(), steps: 1, ...options });
  for await (const event of runTraining(task)) if (event.type === 'end') break;
  const { tensors } = stateOf(task);
  const moving = Object.keys(tensors).filter((name) => name.endsWith('moving_mean'));
  const values = await Promise.all(moving.map(async (name) => Array.from(await tensors[name]!.data())));
  task.dispose();
  return values;
}

const subject: TaskSubject = {
  create: (tamper: Tamper) => create({ source: tamperedSource(source(), tamper, faults) }),
  resume: async (state: SavedTrainingState) => owning(await resumeClassifierTask(state, { source: source(7) })),
  createDiverging: () => create({ learningRate: 1e38 }),
  refusals: {
    'class indices for MIDI pitches': /expected pitches in \[60, 63\], found [0-3]\./,
    'one label less': /expected 4 pitches in a batch, found 3/,
    'one note less': /expected a batch of 4 notes, found 3/,
  },
};

const inParts = { batchSize: 8, microBatchSize: 2 };

/** Four micro-batches. */
const divided: TaskSubject = {
  ...subject,
  create: (tamper: Tamper) => create({ ...inParts, source: tamperedSource(source(), tamper, faults) }),
  createDiverging: () => create({ ...inParts, learningRate: 1e38 }),
  refusals: {
    'class indices for MIDI pitches': /expected pitches in \[60, 63\], found [0-3]\./,
    'one label less': /expected 8 pitches in a batch, found 7/,
    'one note less': /expected a batch of 8 notes, found 7/,
  },
  processes: [2, 4],
};

describeOnBackends('the training of a pitch classifier', () => {
  for (const { name, run } of taskChecks(subject)) it(name, run);
  for (const { name, run } of taskChecks(divided)) it(`in micro-batches ${name}`, run);

  it('in micro-batches learns the mean of what batch norm sees of each', async () => {
    const [whole, parts] = [await meansAfter({ batchSize: 8 }), await meansAfter(inParts)];
    // Before the first batch norm a note knows nothing of the others: the mean over the parts is that over the batch. After it, not.
    for (const [index, value] of whole[0]!.entries()) expect(parts[0]![index]).toBeCloseTo(value, 5);
    expect(whole[0]!.some((value) => Math.abs(value) > 1e-3)).toBe(true);
    expect(parts.at(-1)).not.toEqual(whole.at(-1));
  });

  it.each([
    [8, 1, /expected microBatchSize \(batch norm needs two\) in \[2, 1000000\], found 1/],
    [9, 2, /smallest micro-batch of batchSize 9 and microBatchSize 2/],
    [8.5, 2, /expected a whole number for batchSize \(batch norm needs two\), found 8\.5/],
    [8, 2.5, /expected a whole number for microBatchSize \(batch norm needs two\), found 2\.5/],
  ])('refuses %s notes in micro-batches of %s', (batchSize, microBatchSize, message) => {
    expect(() => create({ batchSize, microBatchSize })).toThrow(message);
  });

  it("saves weights, running statistics and moments under their layers' names", () => {
    const task = create();
    const names = Object.keys(stateOf(task).tensors);
    expect(names).toEqual(
      expect.arrayContaining(['logits_dense/kernel', 'logits_dense/kernel/Adam_1', 'features_norm/moving_variance']),
    );
    expect(names).not.toContain('features_norm/moving_variance/Adam');
    expect(names).not.toContain('features_norm/gamma/Adam');
    task.dispose();
  });

  it('tells how many pitches it had right', async () => {
    const task = create({ steps: 1 });
    for await (const event of runTraining(task)) {
      if (event.type === 'step') expect([0, 0.25, 0.5, 0.75, 1]).toContain(event.measures['accuracy']);
    }
    task.dispose();
  });

  it('in one call, can be stopped by a timer, and throws the reason', async () => {
    const classifier = createPitchClassifier(settings, { seed: 2 });
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 0);
    const training = trainPitchClassifier(classifier, { source: source(), steps: 1000, batchSize: 4, signal: controller.signal });
    await expect(training).rejects.toThrow('enough');
    classifier.dispose();
  });
});
