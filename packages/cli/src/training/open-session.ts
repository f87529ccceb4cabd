import type { ModelInfo } from '@gansynth/model-files';
import type { RunEventWriter } from '@gansynth/training';
import { tensorboardWriter } from '@gansynth/training/node';
import * as tf from '@tensorflow/tfjs-core';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../app/command.js';
import { InputError } from '../app/errors.js';
import type { Choice } from '../backend/choose.js';
import { familyOf } from '../families/index.js';
import type { Training } from '../families/training.js';
import { isDataSummary, openNotes, summarise, type DataSummary, type Notes } from '../pipeline/open-notes.js';
import { pitchesOf } from '../recipes/pitches.js';
import { readJsonOf } from '../runs/read-json-of.js';
import { writeJson } from '../runs/write-json.js';
import { openRunLog, type RunLog } from '../runs/run-log.js';
import { recordEnvironment, type OpenedRun } from '../runs/run.js';
import { trainingStates, type TrainingStates } from '../runs/training-states.js';

export interface SessionOptions {
  /** The notes; default: those that the recipe names. */
  readonly data?: string | undefined;
  /** Memory for encoded notes, in bytes. */
  readonly cacheBytes?: number | undefined;
}

/** A session of a run's training: everything it holds. */
export interface Session {
  readonly run: OpenedRun;
  readonly training: Training;
  readonly states: TrainingStates;
  readonly log: RunLog;
  /** TensorBoard's event file. */
  readonly board: RunEventWriter;
  /** What the run's model says of itself. */
  readonly info: ModelInfo;
  /** Of training, all sessions together. */
  seconds(): number;
  /** Of this session. */
  secondsHere(): number;
  close(): Promise<void>;
}

/**
 * Opens a run to train it: its notes, which must be those it began with, its newest whole checkpoint if there is one, its log.
 *
 * @throws InputError for other notes
 */
export async function openSession(
  run: OpenedRun,
  backend: Choice,
  context: Context,
  { data, cacheBytes }: SessionOptions,
): Promise<Session> {
  const { recipe, paths } = run;
  const notes = await openNotes(recipe.data, data, context);
  // What is open, the newest last: closed if anything after it fails, and at the end.
  const opened: { close(): Promise<void> | void }[] = [notes.all];
  const closeAll = async (): Promise<void> => {
    for (const one of opened.splice(0).toReversed()) await one.close();
  };
  try {
    const summary = await keepSummary(run, notes);
    const pitchCounts = pitchCountsOf(notes, pitchesOf(recipe));
    const open = await familyOf(recipe).prepare(recipe, {
      notes: notes.train,
      heldOut: notes.evaluation,
      pitchCounts,
      normaliserFile: paths.normaliser,
      cacheBytes,
      context,
    });
    const states = await trainingStates(run);
    const saved = await states.latest();
    for (const refused of saved?.refused ?? []) context.note(`${refused} Going back to the checkpoint before.`);
    const training = await open(saved?.state).finally(() => tf.dispose({ ...saved?.state.tensors }));
    opened.push(training);
    const { progress, phase, unit } = training.task;
    context.note(
      saved
        ? `${run.id}: going on at ${progress.done} ${unit}, stage ${phase.index}`
        : `${run.id}: ${summary.training} notes to train on, new`,
    );
    const log = await openRunLog(join(paths.log, 'log.jsonl'), progress.done);
    opened.push(log);
    log.write({ type: 'session', done: progress.done, ...(await recordEnvironment(run, backend)) });
    const board = tensorboardWriter(paths.log, progress.done === 0 ? {} : { resumeFrom: progress.done });
    opened.push(board);
    const before = saved?.seconds ?? 0;
    const began = performance.now();
    const secondsHere = (): number => (performance.now() - began) / 1000;
    return {
      run,
      training,
      states,
      log,
      board,
      info: {
        name: recipe.name,
        ...(recipe.description === undefined ? {} : { description: recipe.description }),
        representation: training.representation.toJSON(),
        sampleRate: recipe.data.sampleRate,
        details: { recipe, run: run.id, pitchCounts, trainedOn: summary },
      },
      secondsHere,
      seconds: () => before + secondsHere(),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function keepSummary({ paths, recipe }: OpenedRun, notes: Notes): Promise<DataSummary> {
  const found = summarise(notes);
  if (existsSync(paths.data)) {
    const kept = readJsonOf(paths.data, isDataSummary);
    if (kept.fingerprint !== found.fingerprint) {
      throw new InputError(
        `${paths.data}: expected the ${kept.training} training notes this run began with (${kept.fingerprint}), found ${found.training} others ` +
          `(${found.fingerprint}). Name the same --data, or train ${recipe.name} under another name.`,
        found,
      );
    }
    return kept;
  }
  await writeJson(paths.data, found);
  return found;
}

function pitchCountsOf({ train }: Notes, wanted: readonly number[]): number[] {
  const { pitches, counts } = train.pitchDistribution();
  return wanted.map((pitch) => counts[pitches.indexOf(pitch)] ?? 0);
}
