import type { ModelInfo } from '@gansynth/model-files';
import type { RunEventWriter } from '@gansynth/training';
import { tensorboardWriter } from '@gansynth/training/node';
import * as tf from '@tensorflow/tfjs-core';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../app/command.js';
import { InputError } from '../app/errors.js';
import { isAbort } from '@gansynth/common/breathe';
import { duration } from '../app/progress.js';
import type { Choice } from '../backend/choose.js';
import { isWaveGan } from '../families/index.js';
import { workOf } from '../recipes/cost.js';
import { readJson } from '../recipes/library.js';
import { writeJson } from '../runs/atomic.js';
import { recordEnvironment, type OpenedRun } from '../runs/run.js';
import { openRunLog, type RunLog } from '../runs/run-log.js';
import { imagesSamples, keepNewestSamples, stageSamples } from '../runs/samples.js';
import type { Representation } from '@gansynth/spectral';
import { trainingStates, type LiveState, type TrainingStates } from '../runs/training-states.js';
import { NoteImages } from './images.js';
import { conditioningOf, instrumentsOf, networkOf, pitchesOf, trainingOf } from './network-of.js';
import { openNotes, summarise, type DataSummary, type Notes } from './open-notes.js';
import { normaliserOf, representationOf } from './representation-of.js';
import { writeSamples } from './samples.js';
import { progressiveTraining, type Training, type TrainingStep } from './training.js';
import { waveGanTraining } from './wavegan.js';

export interface TrainedRun {
  readonly run: string;
  readonly folder: string;
  readonly images: number;
  readonly steps: number;
  /** Of training, all sessions together. */
  readonly seconds: number;
  /** The schedule's last image has been seen. */
  readonly finished: boolean;
  readonly model: string;
}

export interface TrainOptions {
  readonly data?: string | undefined;
  /** Stop after so many seconds of this session, having saved. */
  readonly limitSeconds?: number | undefined;
  /** Memory for encoded notes, in bytes. */
  readonly cacheBytes?: number | undefined;
}

/** A session of a training: everything it holds. */
interface Session {
  readonly run: OpenedRun;
  readonly trainer: Training;
  readonly states: TrainingStates;
  readonly log: RunLog;
  /** TensorBoard's event file. */
  readonly board: RunEventWriter;
  readonly info: ModelInfo;
  readonly codec: Representation;
  readonly signal: AbortSignal;
  /** Seconds of earlier sessions. */
  readonly before: number;
  readonly began: number;
}

/**
 * Trains a run, from its newest whole checkpoint if there is one, until its schedule, the limit, or the signal ends it. A checkpoint is
 * written at each stage, every `saving.everySeconds`, and at the end whatever ends it.
 */
export async function trainRun(
  run: OpenedRun,
  backend: Choice,
  context: Context,
  options: TrainOptions = {},
): Promise<TrainedRun> {
  const { recipe, paths } = run;
  const notes = await openNotes(recipe.data, options.data, context);
  const summary = keepSummary(run, notes);
  const source = await imageSource(run, notes, context, options);
  const states = await trainingStates(run);
  const saved = await states.latest();
  for (const refused of saved?.refused ?? []) context.note(`${refused} Going back to the checkpoint before.`);
  const trainer = await source.open(saved?.state);
  tf.dispose({ ...saved?.state.tensors });
  const { images, stage } = trainer.position;
  context.note(
    saved ? `${run.id}: going on at ${images} images, stage ${stage}` : `${run.id}: ${summary.training} notes to train on, new`,
  );
  const log = openRunLog(join(paths.log, 'log.jsonl'), images);
  log.write({ type: 'session', images, ...recordEnvironment(run, backend) });
  const info: ModelInfo = {
    name: recipe.name,
    ...(recipe.description === undefined ? {} : { description: recipe.description }),
    representation: source.representation.toJSON(),
    sampleRate: recipe.data.sampleRate,
    details: { recipe, run: run.id, pitchCounts: source.pitchCounts, trainedOn: summary },
  };
  const board = tensorboardWriter(paths.log, images === 0 ? {} : { resumeFrom: images });
  const session: Session = {
    run,
    trainer,
    states,
    log,
    board,
    info,
    codec: source.representation,
    signal: context.signal,
    before: saved?.seconds ?? 0,
    began: performance.now(),
  };
  try {
    await trainUntilEnd(session, context, options.limitSeconds);
    // A finished one has saved itself at the end of its last stage.
    if (!trainer.position.finished) await saveOnTheWay(session);
  } catch (error) {
    log.write({ type: 'end', images: trainer.position.images, reason: (error as Error).name, message: (error as Error).message });
    throw error;
  } finally {
    await source.images.close();
    await notes.all.close();
    board.close();
  }
  const { position } = trainer;
  trainer.dispose();
  return {
    run: run.id,
    folder: run.folder,
    images: position.images,
    steps: position.steps,
    seconds: secondsOf(session),
    finished: position.finished,
    model: paths.model,
  };
}

const secondsOf = ({ before, began }: Session): number => before + (performance.now() - began) / 1000;

function keepSummary({ paths, recipe }: OpenedRun, notes: Notes): DataSummary {
  const found = summarise(notes);
  if (existsSync(paths.data)) {
    const kept = readJson(paths.data) as DataSummary;
    if (kept.fingerprint !== found.fingerprint) {
      throw new InputError(
        `${paths.data}: expected the ${kept.training} training notes this run began with (${kept.fingerprint}), found ${found.training} others ` +
          `(${found.fingerprint}). Name the same --data, or train ${recipe.name} under another name.`,
        found,
      );
    }
    return kept;
  }
  writeJson(paths.data, found);
  return found;
}

async function imageSource({ recipe, paths }: OpenedRun, { train }: Notes, context: Context, { cacheBytes }: TrainOptions) {
  const representation = representationOf(recipe);
  const normaliser = await normaliserOf(recipe, train, paths.normaliser, context);
  const { kind, ...affine } = normaliser.toJSON();
  const { pitches, counts } = train.pitchDistribution();
  const pitchCounts = pitchesOf(recipe).map((pitch) => counts[pitches.indexOf(pitch)] ?? 0);
  const images = new NoteImages({
    dataset: train,
    representation,
    pitches: pitchesOf(recipe),
    ...instrumentsOf(recipe),
    seed: recipe.seed,
    signal: context.signal,
    ...(cacheBytes === undefined ? {} : { cacheBytes }),
  });
  return {
    representation,
    pitchCounts,
    images,
    open: async (saved: LiveState | undefined): Promise<Training> => {
      if (isWaveGan(recipe)) return waveGanTraining(recipe, pitchCounts, images, saved);
      const network = networkOf(recipe, kind === 'none' ? null : affine);
      const settings = { network, training: trainingOf(recipe, network, pitchCounts), seed: recipe.seed };
      return progressiveTraining({ ...settings, ...conditioningOf(network, representation), data: images }, saved);
    },
  };
}

async function trainUntilEnd(
  session: Session,
  { signal, progress }: Context,
  limitSeconds = Number.POSITIVE_INFINITY,
): Promise<void> {
  const { run, trainer, log, board } = session;
  const { saving, training } = run.recipe;
  const limit = Math.min(limitSeconds, (training.hours ?? Number.POSITIVE_INFINITY) * 3600 - session.before);
  const work = await workOf(run.recipe);
  const bar = progress.start(run.id, work(training.totalImages), { from: work(trainer.position.images), limitSeconds: limit });
  let lastSave = performance.now();
  let lastLogged = -1;
  let stage = trainer.position.stage;
  for await (const event of trainer.run({ signal })) {
    if (event.type === 'phase') {
      const { index, size, blocks, endImages } = event.phase;
      if (index !== stage) {
        await endStage(session, stage);
        lastSave = performance.now();
      }
      stage = index;
      log.write({ type: 'stage', images: event.done, stage, size, blocks });
      bar.note(`stage ${stage}: ${size.join(' x ')}, to ${endImages} images`);
      continue;
    }
    if (event.type === 'end') break;
    bar.update(work(event.done), describe(event));
    const every = saving.logEveryImages ?? 10 * event.examples;
    if (Math.floor(event.done / every) !== lastLogged) {
      lastLogged = Math.floor(event.done / every);
      log.write(logged(event));
      board.write({ type: 'scalars', step: event.done, values: scalars(event) });
    }
    if (performance.now() - lastSave > saving.everySeconds * 1000) {
      await saveOnTheWay(session);
      lastSave = performance.now();
    }
    if (performance.now() - session.began > limit * 1000) break;
  }
  const { images, steps, finished } = trainer.position;
  if (finished) await endStage(session, stage);
  log.write({ type: 'end', images, steps, reason: finished ? 'complete' : signal.aborted ? 'aborted' : 'limit' });
  bar.finish(
    `${images} images${finished ? ', all of the schedule' : `; the same command goes on (${duration(secondsOf(session))} so far)`}`,
  );
}

const describe = ({ phase, losses, examplesPerSecond }: TrainingStep): string =>
  `stage ${phase.index}  G ${losses.generator.toFixed(2)}  D ${losses.critic.toFixed(2)}  pitch ${losses.generatorPitch.toFixed(2)}  ${examplesPerSecond.toFixed(1)} images/s`;

const logged = ({ type, done, step, phase, examples, losses, gradientNorms, examplesPerSecond, memory }: TrainingStep) => ({
  type,
  images: done,
  step,
  stage: phase.index,
  progress: phase.progress,
  batchSize: examples,
  losses,
  gradientNorms,
  imagesPerSecond: examplesPerSecond,
  memory,
});

/** Curves as TensorBoard groups them. */
const scalars = ({ losses, gradientNorms, phase, examplesPerSecond, memory }: TrainingStep): Record<string, number> => ({
  ...grouped('loss', losses),
  ...grouped('gradient norm', gradientNorms),
  'schedule/progress': phase.progress,
  'speed/images per second': examplesPerSecond,
  'memory/bytes': memory.bytes,
});

const grouped = (group: string, numbers: Readonly<Record<string, number | undefined>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(numbers).flatMap(([name, value]) => (value === undefined ? [] : [[`${group}/${name}`, value]])),
  );

async function endStage(session: Session, stage: number): Promise<void> {
  await saveAll(session, stageSamples(session.run, stage));
}

/** With notes, as long as nobody waits for an end; those of older saves go when their checkpoints go. */
async function saveOnTheWay(session: Session): Promise<void> {
  const { run, trainer, signal } = session;
  await saveAll(session, signal.aborted ? undefined : imagesSamples(run, trainer.position.images));
  keepNewestSamples(run, run.recipe.saving.keep);
}

/** A checkpoint to go on from, the averaged generator as a model, and notes of it. */
async function saveAll(session: Session, samples?: string): Promise<void> {
  const { trainer, states, run, log, info, codec, signal } = session;
  const { images } = trainer.position;
  const folder = await states.save(trainer.state(), images, secondsOf(session));
  log.write({ type: 'checkpoint', images, folder });
  await trainer.publish(run.paths.model, info, async (model) => {
    if (samples === undefined) return;
    try {
      await writeSamples({ model, representation: codec }, run, samples, signal);
    } catch (error) {
      if (!isAbort(error, signal)) throw error;
    }
    log.write({ type: 'samples', images, folder: samples });
  });
}
