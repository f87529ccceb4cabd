import { lostProcessStatus, processOfEnvironment } from '@gansynth/common/node';
import { checkOptions } from '../check-options.js';
import { ArgumentError } from '../errors.js';
import { hostname } from 'node:os';
import type { ProcessShare, ReduceGradients } from '../parameters/gradient-sum.js';
import { worldCommunicator, type Communicator } from './communicator.js';
import { ProcessError } from './errors.js';
import { gatherTexts } from './gather.js';
import { startHeartbeat } from './heartbeat.js';
import { openMpiLibrary, type MpiLibrary } from './library.js';
import { mpiReduction } from './reduce-gradients.js';

export interface ProcessOptions {
  /** How gradients travel; `float16` halves the traffic, and the training is then not that of one process bit for bit. Default `float32`. */
  readonly wire?: 'float32' | 'float16';
  /**
   * Seconds after which a process that others wait for, and of which nothing is heard, is given up, and all with it: 3 to 3600, default 10. Three times as
   * long as they have just computed themselves comes on top.
   */
  readonly patience?: number;
}

/** Processes that train one model together, started by `mpirun` or `srun --mpi`. */
export interface TrainingProcesses {
  /** This process's number, from 0: the first is the one that saves and speaks. */
  readonly rank: number;
  /** How many there are: a power of two. */
  readonly ranks: number;
  /** This process's number among those of its machine: that of its GPU. */
  readonly localRank: number;
  /** How many there are on this machine. */
  readonly localRanks: number;
  /** For `runTraining` and `trainStep`. */
  readonly reduceGradients: ReduceGradients;
  /** For `runTraining`, in the place of any other: aborted on all processes at the same update, after one has called `stop`. */
  readonly signal: AbortSignal;
  /** Asks all processes to stop at the next update. */
  stop(): void;
  /**
   * Resolves when all have called it.
   *
   * @param what in messages: `the recipe`
   * @param value what must be the same on all: text, or a hash of something large
   * @throws ProcessError on all, where one has another value
   */
  agree(what: string, value: string): Promise<void>;
  /** Ends the processes together. Required at the end: a process that ends without takes all others with it. */
  close(): Promise<void>;
  /** Ends all processes at once, this one too. @param code what `mpirun` returns */
  abort(code: number): void;
}

const tell = (error: unknown): void => void process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);

/** MPI_THREAD_MULTIPLE */
const anyThread = 3;

/**
 * Joins the processes that this one was started with. Only one call in a process. Each takes its share of a batch's micro-batches; all draw
 * the same batches, from the same data, and hold the same weights: see {@link ReduceGradients}.
 *
 * Where a process is killed, fails or freezes, all end: with MPI's code, after a message on standard error.
 *
 * @throws ProcessError if there is no MPI library (or koffi), it cannot do what is needed, or its launcher is another MPI's; ArgumentError
 * for options that cannot be right
 */
export async function startProcesses(options: ProcessOptions = {}): Promise<TrainingProcesses> {
  checkOptions('startProcesses', options, { wire: true, patience: true });
  const { wire = 'float32', patience = 10 } = options;
  if (!(patience >= 3 && patience <= 3600)) {
    throw new ArgumentError('startProcesses', `expected a patience of 3 to 3600 seconds, found ${patience}.`, patience);
  }
  if (wire !== 'float32' && wire !== 'float16') {
    throw new ArgumentError('startProcesses', `expected wire float32 or float16, found ${JSON.stringify(wire)}.`, wire);
  }
  const library = await openMpiLibrary();
  const world = initialise(library);
  const { rank, ranks } = world;
  const mpiAbort = library.bind('MPI_Abort', ['handle', 'int']);
  const abort = (code: number): void => void mpiAbort(library.world, code);
  const heartbeat = startHeartbeat(library, world, {
    patience,
    onLost: (lost, seconds) => {
      process.stderr.write(
        `gansynth training: expected process ${lost} of ${ranks} to answer, found nothing of it for ${seconds} seconds (frozen, or its machine is gone). ` +
          'All processes end; the same command goes on from the last checkpoint.\n',
      );
      abort(lostProcessStatus);
    },
  });
  const communicator: Communicator = {
    rank,
    ranks,
    exchange: (partner, sent, received) => heartbeat.during(partner, world.exchange(partner, sent, received)),
  };
  const atExit = (code: number): void => {
    if (code === 0)
      process.stderr.write('gansynth training: a process ended without closing its part of MPI. All others end too.\n');
    abort(code === 0 ? 70 : code);
  };
  process.on('exit', atExit);
  // Node prints an error that nobody catches only after `exit`, when this process is no more.
  process.on('uncaughtExceptionMonitor', tell);
  const gather = (text: string): Promise<string[]> => heartbeat.together(() => gatherTexts(communicator, text));
  const hosts = await gather(hostname());
  const isHere = (host: string): boolean => host === hosts[rank];
  const controller = new AbortController();
  let isAskedToStop = false;
  const reduction = mpiReduction(communicator, {
    wire,
    isAskedToStop: () => isAskedToStop,
    stopAll: () => {
      controller.abort();
      return controller.signal.reason;
    },
  });
  return {
    rank,
    ranks,
    localRank: hosts.slice(0, rank).filter(isHere).length,
    localRanks: hosts.filter(isHere).length,
    reduceGradients: Object.assign<ReduceGradients, ProcessShare>((sum, of) => heartbeat.together(() => reduction(sum, of)), {
      rank,
      ranks,
    }),
    signal: controller.signal,
    stop: () => {
      isAskedToStop = true;
    },
    async agree(what, value) {
      const values = await gather(value);
      const other = values.findIndex((one) => one !== values[0]);
      if (other < 0) return;
      throw new ProcessError(
        `expected the same ${what} on all ${ranks} processes, found ${values[0]} on process 0 (${hosts[0]}) and ${values[other]} on ` +
          `process ${other} (${hosts[other]}).`,
      );
    },
    async close() {
      await gather('');
      heartbeat.silence();
      // All are silent when they have met again.
      await gather('');
      await heartbeat.drain();
      process.off('exit', atExit);
      process.off('uncaughtExceptionMonitor', tell);
      library.bind('MPI_Finalize', [])();
    },
    abort,
  };
}

function initialise(library: MpiLibrary): Communicator {
  const threads = new Int32Array(1);
  const code = library.bind('MPI_Init_thread', ['void *', 'void *', 'int', 'void *'])(null, null, anyThread, threads);
  if (code !== 0) throw new ProcessError(`expected MPI to start, found its error ${String(code)}.`);
  const finalize = library.bind('MPI_Finalize', []);
  const communicator = worldCommunicator(library);
  const { ranks } = communicator;
  const told = processOfEnvironment()?.ranks;
  if (told !== undefined && told !== ranks) {
    finalize();
    throw new ProcessError(
      `expected ${told} processes, as the launcher says, found ${ranks} by ${library.file}: the launcher belongs to another MPI. Name the ` +
        "launcher's own library in GANSYNTH_MPI, or start by the other one's mpirun.",
    );
  }
  if (!Number.isInteger(Math.log2(ranks))) {
    finalize();
    throw new ProcessError(`expected 1, 2, 4, 8, ... processes, found ${ranks}: sums of others would depend on their number.`);
  }
  if (threads[0] !== anyThread) {
    finalize();
    throw new ProcessError(
      `expected an MPI that any thread may call, found one of level ${threads[0]} (${library.file}). Cray's has it with MPICH_MAX_THREAD_SAFETY=multiple.`,
    );
  }
  return communicator;
}
