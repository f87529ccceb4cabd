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
import { recordEnvironment, type OpenedRun, type Run } from '../runs/run.js';
import { scheduledJob } from '../runs/scheduled-job.js';
import { trainingStates, type TrainingStates } from '../runs/training-states.js';

export interface SessionOptions {
  /** The notes; default: those that the recipe names. */
  readonly data?: string | undefined;
  /** Memory for encoded notes, in bytes. */
  readonly cacheBytes?: number | undefined;
}

/** What a process needs to train a run, whoever saves it. */
export interface Trainable {
  readonly training: Training;
  readonly states: TrainingStates;
  readonly pitchCounts: readonly number[];
  readonly summary: DataSummary;
  /** Of training before this session. */
  readonly secondsBefore: number;
  close(): Promise<void>;
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

/** What is open, the newest last: closed if anything after it fails, and at the end. */
interface Opened {
  add(one: { close(): Promise<void> | void }): void;
  close(): Promise<void>;
}

function nothingOpened(): Opened {
  const opened: { close(): Promise<void> | void }[] = [];
  return {
    add: (one) => void opened.push(one),
    async close() {
      for (const one of opened.splice(0).toReversed()) await one.close();
    },
  };
}

/**
 * Makes ready to train a run: its notes, which must be those it began with, and its newest whole checkpoint if there is one.
 *
 * @throws InputError for other notes
 */
export async function openTraining(run: Run, context: Context, { data, cacheBytes }: SessionOptions): Promise<Trainable> {
  const { recipe, paths } = run;
  const notes = await openNotes(recipe.data, data, context);
  const opened = nothingOpened();
  opened.add(notes.all);
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
    opened.add(training);
    const { progress, phase, unit } = training.task;
    context.note(
      saved
        ? `${run.id}: going on at ${progress.done} ${unit}, stage ${phase.index}`
        : `${run.id}: ${summary.training} notes to train on, new`,
    );
    return { training, states, pitchCounts, summary, secondsBefore: saved?.seconds ?? 0, close: opened.close };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/**
 * Opens a run to train it and keep what comes of it: all of {@link openTraining}, and its log.
 *
 * @param processes how many train it together
 */
export async function openSession(
  run: OpenedRun,
  backend: Choice,
  context: Context,
  options: SessionOptions,
  processes: number,
): Promise<Session> {
  const { recipe, paths } = run;
  const opened = nothingOpened();
  try {
    const trainable = await openTraining(run, context, options);
    opened.add(trainable);
    const { training, states, pitchCounts, summary, secondsBefore } = trainable;
    const { done } = training.task.progress;
    const log = await openRunLog(join(paths.log, 'log.jsonl'), done);
    opened.add(log);
    const environment = await recordEnvironment(run, backend);
    log.write({ type: 'session', done, ...environment, ...scheduledJob(), ...(processes === 1 ? {} : { processes }) });
    const board = tensorboardWriter(paths.log, done === 0 ? {} : { resumeFrom: done });
    opened.add(board);
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
      seconds: () => secondsBefore + secondsHere(),
      close: opened.close,
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function keepSummary({ paths, recipe }: Run, notes: Notes): Promise<DataSummary> {
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
