import { processOfEnvironment } from '@gansynth/common/node';
import { ArgumentError, microBatches, shareOfBatch, type RunOptions } from '@gansynth/training';
import { startProcesses, type ProcessOptions, type TrainingProcesses } from '@gansynth/training/mpi';
import { availableParallelism, cpus } from 'node:os';
import { UsageError } from '../app/errors.js';
import type { Recipe } from '../recipes/recipe.js';

/**
 * Joins the processes that `mpirun` or `srun --mpi` started with this one, to train one run together.
 *
 * @returns undefined where this is the only one
 * @throws UsageError for tasks of `srun` that do not know of each other
 */
export async function joinProcesses(
  options: ProcessOptions,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<TrainingProcesses | undefined> {
  const told = processOfEnvironment(environment);
  const tasks = Number(environment['SLURM_STEP_NUM_TASKS'] ?? 1);
  if (told === undefined && tasks > 1) {
    throw new UsageError(
      `train: expected one task, or tasks that train together by MPI, found ${tasks} tasks that do not know of each other. Start them by srun --mpi=pmix ` +
        '(srun --mpi=list shows what there is), or one by srun -n 1.',
      tasks,
    );
  }
  return told === undefined || told.ranks === 1 ? undefined : startProcesses(options);
}

/**
 * Whether each of the processes has its share of every batch.
 *
 * @throws UsageError with what to ask for where not
 */
export function checkShares({ training }: Recipe, { rank, ranks }: Pick<TrainingProcesses, 'rank' | 'ranks'>): void {
  for (const batchSize of [training.batchSize].flat()) {
    try {
      shareOfBatch(microBatches(batchSize, training.microBatch ?? null), { rank, ranks }, `a batch of ${batchSize}`);
    } catch (error) {
      if (!ArgumentError.isInstance(error)) throw error;
      const { message } = error;
      const cure = `Processes share a batch by its micro-batches: --micro-batch ${Math.max(1, Math.floor(batchSize / ranks))}, or training.microBatch in the recipe.`;
      throw new UsageError(`train: ${message} ${cure}`, training.microBatch, { cause: error });
    }
  }
}

/** Threads for one of several processes on a machine: the processors it is bound to, as `mpirun` likes to, or its part of all. */
export function threadsFor({ localRanks }: Pick<TrainingProcesses, 'localRanks'>): number {
  const mine = availableParallelism();
  return mine < cpus().length ? mine : Math.max(1, Math.floor(mine / localRanks));
}

/** Gives a process its own of the machine's GPUs and processors, by variables that the backends read when they start. */
export function shareMachine(
  processes: Pick<TrainingProcesses, 'localRank' | 'localRanks'>,
  environment: NodeJS.ProcessEnv = process.env,
): void {
  const { localRank, localRanks } = processes;
  if (localRanks === 1) return;
  const devices = environment['CUDA_VISIBLE_DEVICES']?.split(',');
  // One alone was given to it by the scheduler.
  if (devices?.length !== 1) {
    environment['CUDA_VISIBLE_DEVICES'] = devices?.[localRank % devices.length] ?? `${localRank}`;
  }
  environment['TF_NUM_INTRAOP_THREADS'] ??= `${threadsFor(processes)}`;
}

/** How a training is run so that it can be stopped at its next step, by one process or by several together. */
export interface Steering {
  readonly options: RunOptions;
  /** Stops it at the next step, or update where others have to be asked. */
  stop(): void;
  /** Whether somebody asked for an end, of whichever process: not `stop`. */
  isInterrupted(): boolean;
}

export function steer(processes: TrainingProcesses | undefined, signal: AbortSignal): Steering {
  if (processes === undefined) {
    const controller = new AbortController();
    return {
      options: { signal: AbortSignal.any([signal, controller.signal]) },
      stop: () => controller.abort(),
      isInterrupted: () => signal.aborted,
    };
  }
  let isOwn = false;
  const { reduceGradients, signal: stopped } = processes;
  if (signal.aborted) processes.stop();
  else signal.addEventListener('abort', () => processes.stop(), { once: true });
  return {
    options: { signal: stopped, reduceGradients },
    stop: () => {
      isOwn = true;
      processes.stop();
    },
    isInterrupted: () => signal.aborted || (stopped.aborted && !isOwn),
  };
}
