import { runTraining } from '@gansynth/training';
import type { TrainingProcesses } from '@gansynth/training/mpi';
import type { Context } from '../app/command.js';
import { duration } from '../app/progress.js';
import type { Choice } from '../backend/choose.js';
import { familyOf } from '../families/index.js';
import { workOf } from '../recipes/cost.js';
import type { OpenedRun } from '../runs/run.js';
import { finishes, type RunEnd } from '../runs/run-end.js';
import { openSession, type Session, type SessionOptions } from './open-session.js';
import { steer } from './processes.js';
import { createRecord, describeStep } from './record.js';
import { saveOnTheWay, saveStage } from './save.js';
import { meetFollowers } from './train-along.js';

export interface TrainOptions extends SessionOptions {
  /** Stop after so many seconds of this session, having saved. */
  readonly limitSeconds?: number | undefined;
  /** Those that train it together, of which this is the first. */
  readonly processes?: TrainingProcesses | undefined;
}

export interface TrainedRun {
  readonly run: string;
  readonly folder: string;
  /** Examples learnt from. */
  readonly done: number;
  readonly unit: Session['training']['task']['unit'];
  readonly steps: number;
  /** Of training, all sessions together. */
  readonly seconds: number;
  /** All of the schedule is done, or all of the recipe's hours are used up. */
  readonly finished: boolean;
  /** What ended this session; `aborted` also where another process was asked to stop. */
  readonly ended: RunEnd;
  readonly model: string;
}

/**
 * Trains a run, from its newest whole checkpoint if there is one, until its schedule, the limit, or the signal ends it. A checkpoint is
 * written at each stage, every `saving.everySeconds`, and at the end whatever ends it.
 */
export async function trainRun(
  run: OpenedRun,
  backend: Choice,
  context: Context,
  { limitSeconds, processes, ...options }: TrainOptions = {},
): Promise<TrainedRun> {
  const session = await openSession(run, backend, context, options, processes?.ranks ?? 1);
  const { task } = session.training;
  try {
    if (processes) await meetFollowers(processes, run.recipe, task);
    const ended = await trainUntilEnd(session, context, limitSeconds, processes).catch((error: unknown) => {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      session.log.write({ type: 'end', done: task.progress.done, reason: name, message });
      throw error;
    });
    const { done, steps } = task.progress;
    return {
      run: run.id,
      folder: run.folder,
      done,
      unit: task.unit,
      steps,
      seconds: session.seconds(),
      finished: finishes(ended),
      ended,
      model: run.paths.model,
    };
  } finally {
    await session.close();
  }
}

async function trainUntilEnd(
  session: Session,
  { signal, progress }: Context,
  atMost = Number.POSITIVE_INFINITY,
  processes?: TrainingProcesses,
): Promise<RunEnd> {
  const { run, training, log } = session;
  const { task } = training;
  const { recipe } = run;
  const hours = recipe.training.hours ?? Number.POSITIVE_INFINITY;
  const secondsLeft = (): number => 3600 * hours - session.seconds();
  const work = await workOf(recipe);
  const bar = progress.start(run.id, work(task.total), {
    from: work(task.progress.done),
    limitSeconds: Math.min(atMost, secondsLeft()),
  });
  const record = createRecord(session);
  const { line } = familyOf(recipe).losses;
  let lastSave = performance.now();
  let stage = task.phase.index;
  const { options, stop, isInterrupted } = steer(processes, signal);
  // A new run takes a step whatever its hours: there is no model without one.
  if (secondsLeft() <= 0 && task.progress.steps > 0) stop();
  for await (const event of runTraining(task, options)) {
    if (event.type === 'end') break;
    if (event.type === 'phase') {
      if (event.phase.index !== stage) {
        await saveStage(session, stage, signal);
        lastSave = performance.now();
      }
      stage = event.phase.index;
      record.phase(event);
      bar.note(event.phase.label);
      continue;
    }
    bar.update(work(event.done), describeStep(event, line));
    record.step(event);
    if (performance.now() - lastSave > recipe.saving.everySeconds * 1000) {
      await saveOnTheWay(session, signal);
      lastSave = performance.now();
    }
    if (session.secondsHere() > atMost || secondsLeft() <= 0) stop();
  }
  const { done } = task.progress;
  const reason = endOf(done >= task.total, secondsLeft() <= 0, isInterrupted());
  const finished = finishes(reason);
  if (finished) await saveStage(session, stage, signal);
  log.write({ type: 'end', done, steps: task.progress.steps, reason });
  const how = {
    complete: ', all of the schedule',
    hours: `, all of the recipe's ${hours} hours`,
    limit: `; the same command goes on (${duration(session.seconds())} so far)`,
  };
  bar.finish(`${done} ${task.unit}${how[reason === 'aborted' ? 'limit' : reason]}`);
  if (!finished) await saveOnTheWay(session, signal);
  return reason;
}

const endOf = (isDone: boolean, hasNoHours: boolean, isAborted: boolean): RunEnd =>
  isDone ? 'complete' : hasNoHours ? 'hours' : isAborted ? 'aborted' : 'limit';
