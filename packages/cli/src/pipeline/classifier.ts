import {
  classifierSource,
  ClassifierTask,
  createPitchClassifier,
  evaluatePitchClassifier,
  loadPitchClassifier,
  originalClassifier,
  resumeClassifierTask,
  smallClassifier,
  type ClassifierSettings,
  type ClassifierSource,
  type PitchClassifier,
} from '@gansynth/metrics';
import { isAbort } from '@gansynth/common/breathe';
import { messageOf } from '@gansynth/common/errors';
import { layersModelFolder } from '@gansynth/model-files/node';
import type { Dataset } from '@gansynth/nsynth-data';
import { jsonField, runTraining, StateError, stateOf } from '@gansynth/training';
import { NoWholeCheckpointError, openCheckpointStore, type CheckpointStore } from '@gansynth/training/node';
import * as tf from '@tensorflow/tfjs-core';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../app/command.js';
import { canonicalJson } from '../recipes/canonical.js';
import { has, readJsonOf } from '../runs/read-json-of.js';
import { waitForTurn } from '../runs/lock.js';
import { writeJson } from '../runs/write-json.js';
import { examplesInTurn, repeatedExamples } from './classifier-examples.js';

export interface ClassifierPlan {
  /** Taught from. */
  readonly train: Dataset;
  /** Asked about afterwards. */
  readonly heldOut: Dataset;
  readonly samples: number;
  readonly pitches: readonly [lowest: number, highest: number];
  readonly kind: 'small' | 'original';
  readonly steps: number;
  readonly seed: number;
  /** Where classifiers are kept, one folder each. */
  readonly folder: string;
}

export interface TrainedClassifier {
  readonly classifier: PitchClassifier;
  readonly folder: string;
  /** Share of held-out notes whose pitch it names. */
  readonly heldOutAccuracy: number;
  readonly heldOutNotes: number;
  /** Nothing was held out: it was asked about the notes it learned from. */
  readonly notHeldOut: boolean;
}

/** "98.2 % of 120 held-out notes right" */
export const describeAccuracy = ({
  heldOutAccuracy,
  heldOutNotes,
  notHeldOut,
}: Omit<TrainedClassifier, 'classifier' | 'folder'>): string =>
  `${(100 * heldOutAccuracy).toFixed(1)} % of ${heldOutNotes} ${notHeldOut ? 'notes it learned from' : 'held-out notes'} right`;

/** `held-out.json` */
const isHeldOut = (value: unknown): value is Pick<TrainedClassifier, 'heldOutAccuracy' | 'heldOutNotes'> =>
  has(value, 'heldOutAccuracy', 'heldOutNotes') &&
  typeof value.heldOutAccuracy === 'number' &&
  typeof value.heldOutNotes === 'number';

/** The network for notes of this length and range. */
function settingsOf({ kind, samples, pitches: [low, high], train }: ClassifierPlan): ClassifierSettings {
  const pool = kind === 'small' ? 32 : 1;
  // One frame for each hop of 256 samples, and one; whole groups of `pool`. The original's five halvings need 32 as well.
  const frames = 32 * Math.ceil((1 + Math.floor(samples / 256)) / 32);
  const options = {
    input: { sampleRate: train.sampleRate, samples, frames, pool },
    lowestPitch: low,
    outputs: { pitches: high - low + 1 },
  };
  return kind === 'small' ? smallClassifier(options) : originalClassifier(options);
}

/**
 * A pitch classifier for these notes: the one in `folder` if it was taught from the same, else a new one, kept there. Of several processes that
 * want the same one, one teaches it and the others wait.
 */
export async function classifierFor(plan: ClassifierPlan, context: Context): Promise<TrainedClassifier> {
  const settings = settingsOf(plan);
  const identity = {
    settings,
    notes: plan.train.fingerprint,
    heldOut: plan.heldOut.fingerprint,
    steps: plan.steps,
    seed: plan.seed,
  };
  const id = createHash('sha256').update(canonicalJson(identity)).digest('hex').slice(0, 8);
  const folder = join(plan.folder, `classifier-${plan.kind}-${id}`);
  const notHeldOut = plan.train.fingerprint === plan.heldOut.fingerprint;
  const taught = async (): Promise<TrainedClassifier> => {
    const { heldOutAccuracy, heldOutNotes } = readJsonOf(recordOf(folder), isHeldOut);
    const classifier = await loadPitchClassifier(layersModelFolder(folder));
    return { classifier, folder, heldOutAccuracy, heldOutNotes, notHeldOut };
  };
  if (existsSync(recordOf(folder))) {
    await forgetTeaching(folder);
    return taught();
  }
  const { signal, note } = context;
  const turn = await waitForTurn(`${folder}.lock.json`, signal, (who) => note(`waiting for the pitch classifier of ${who}`));
  try {
    return existsSync(recordOf(folder)) ? await taught() : await teach(plan, settings, identity, { folder, notHeldOut }, context);
  } finally {
    turn.release();
  }
}

/** Where a teaching under way is kept. */
const unfinishedOf = (folder: string): string => `${folder}-unfinished`;

/** One that is over needs it no more. */
const forgetTeaching = (folder: string): Promise<void> => rm(unfinishedOf(folder), { recursive: true, force: true });

/** What is known of a classifier that is whole. */
const recordOf = (folder: string): string => join(folder, 'held-out.json');

/** Seconds between checkpoints of a teaching under way. */
const SAVE_EVERY = 120;

/** A teaching under way: begun just now, or where an earlier one stopped. */
async function openTeaching(
  plan: ClassifierPlan,
  settings: ClassifierSettings,
  source: ClassifierSource,
  store: CheckpointStore,
  note: Context['note'],
): Promise<ClassifierTask> {
  const anew = (error: Error): null => {
    note(`the pitch classifier is taught anew: ${messageOf(error).split('\n')[0]}`);
    return null;
  };
  const saved = await store.load().catch((error: unknown) => {
    if (NoWholeCheckpointError.isInstance(error)) return anew(error);
    throw error;
  });
  if (saved !== null) {
    try {
      return await resumeClassifierTask({ manifest: jsonField(saved.state, 'manifest'), tensors: saved.tensors }, { source });
    } catch (error) {
      if (!StateError.isInstance(error)) throw error;
      anew(error);
    } finally {
      tf.dispose(saved.tensors);
    }
  }
  // Small networks on few notes: a tenth of a decay at the end settles batch norm.
  const [rate, last] = plan.kind === 'small' ? [1e-3, 1e-4] : [1e-4, 1e-4];
  const learningRate = [
    { from: 0, rate },
    { from: Math.ceil(0.8 * plan.steps), rate: last },
  ];
  const classifier = createPitchClassifier(settings, { seed: plan.seed });
  try {
    return new ClassifierTask(classifier, { source, steps: plan.steps, learningRate });
  } catch (error) {
    classifier.dispose();
    throw error;
  }
}

async function teach(
  plan: ClassifierPlan,
  settings: ClassifierSettings,
  identity: object,
  { folder, notHeldOut }: Pick<TrainedClassifier, 'folder' | 'notHeldOut'>,
  { signal, progress, keeps, note }: Context,
): Promise<TrainedClassifier> {
  const unfinished = unfinishedOf(folder);
  const keptThere = (): void =>
    keeps(`What the pitch classifier has learned is in ${unfinished}; the same command goes on with it.`);
  if (existsSync(unfinished)) keptThere();
  const examples = await repeatedExamples(plan.train, settings, signal);
  const store = await openCheckpointStore(unfinished, { identity: canonicalJson(identity), keepLast: 1, keepBest: 0 });
  const task = await openTeaching(plan, settings, classifierSource(examples, settings, { seed: plan.seed }), store, note);
  const { classifier } = task;
  const save = async (): Promise<void> => {
    const { manifest, tensors } = stateOf(task);
    await store.save({ step: task.progress.steps, tensors, state: { manifest } });
    keptThere();
  };
  try {
    const { steps: before } = task.progress;
    if (before > 0) note(`the pitch classifier goes on at step ${before} of ${plan.steps}`);
    const step = progress.start('teaching the pitch classifier', plan.steps, { from: before });
    let savedAt = performance.now();
    for await (const event of runTraining(task, { signal })) {
      if (event.type !== 'step') continue;
      const { losses, measures } = event;
      const right = Math.round(100 * (measures['accuracy'] ?? 0));
      step.update(event.step, `loss ${losses.loss.toFixed(2)}, ${right} % right`);
      if (performance.now() - savedAt < 1000 * SAVE_EVERY) continue;
      await save();
      savedAt = performance.now();
    }
    signal.throwIfAborted();
    const heldOut = examplesInTurn(plan.heldOut, settings, signal);
    const { strict: heldOutAccuracy } = await evaluatePitchClassifier(classifier, heldOut, { batchSize: 32, signal });
    const heldOutNotes = plan.heldOut.length;
    step.finish(describeAccuracy({ heldOutAccuracy, heldOutNotes, notHeldOut }));
    await classifier.save(layersModelFolder(folder), { heldOutAccuracy, heldOutNotes, ...identity });
    keeps(`The pitch classifier is kept in ${folder}; the same command goes on with it.`);
    await writeJson(recordOf(folder), { heldOutAccuracy, heldOutNotes, ...identity });
    await forgetTeaching(folder);
    return { classifier, folder, heldOutAccuracy, heldOutNotes, notHeldOut };
  } catch (error) {
    try {
      // Also while it is asked about what was held out.
      if (isAbort(error, signal)) await save();
    } finally {
      classifier.dispose();
    }
    throw error;
  } finally {
    task.dispose();
  }
}
