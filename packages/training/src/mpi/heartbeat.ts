import { Worker } from 'node:worker_threads';
import type { Communicator } from './communicator.js';
import type { MpiAddress, MpiLibrary } from './library.js';

/** Process ends with this code where one of them is lost: as sysexits' EX_TEMPFAIL, so that a scheduler tries again. */
export const lostCode = 75;

// A thread of its own: this one answers in the middle of a step as well. It counts its own beats, not seconds, so that nobody is lost when all
// processes were suspended together. It says itself who is lost, for the main thread may be waiting for that process in MPI.
const script = `
const { parentPort, workerData: { address, handles: { world, byte, noStatus }, rank, ranks, patience, code } } = require('node:worker_threads');
const library = require(address.koffi).load(address.file);
const bind = (name, types) => library.func(name, 'int', types.map((type) => type === 'handle' ? address.handleType : type));
const send = bind('MPI_Send', ['void *', 'int', 'handle', 'int', 'int', 'handle']);
const probe = bind('MPI_Iprobe', ['int', 'int', 'handle', 'void *', 'void *']);
const receive = bind('MPI_Recv', ['void *', 'int', 'handle', 'int', 'int', 'handle', 'void *']);
const abort = bind('MPI_Abort', ['handle', 'int']);
const tag = 2, next = (rank + 1) % ranks, previous = (rank + ranks - 1) % ranks;
const beat = new Uint8Array(1), there = new Int32Array(1);
let missed = 0;
const listen = () => {
  for (;;) {
    probe(previous, tag, world, there, noStatus);
    if (there[0] === 0) return;
    receive(beat, 1, byte, previous, tag, world, noStatus);
    missed = 0;
  }
};
const timer = setInterval(() => {
  send(beat, 1, byte, next, tag, world);
  missed++;
  listen();
  if (missed <= patience) return;
  require('node:fs').writeSync(2, 'gansynth training: expected process ' + previous + ' of ' + ranks + ' to answer, found nothing of it for ' + missed
    + ' seconds (frozen, or its machine is gone). All processes end; the same command goes on from the last checkpoint.\\n');
  abort(world, code);
}, 1000);
parentPort.on('message', (word) => {
  if (word === 'silence') clearInterval(timer);
  else listen();
  parentPort.postMessage(word);
  if (word === 'end') parentPort.close();
});
`;

/** A thread that tells the next process, every second, that this one is alive, and ends all if it no longer hears of the one before. */
export interface Heartbeat {
  /** Ends it, together with those of all other processes. */
  end(): Promise<void>;
}

/**
 * @param patience seconds
 * @param meet resolves when all processes have called it
 */
export function startHeartbeat(
  { address, world, byte, noStatus }: MpiLibrary,
  { rank, ranks }: Communicator,
  patience: number,
  meet: () => Promise<unknown>,
): Heartbeat {
  if (ranks === 1) return { end: async () => {} };
  const handles = { world, byte, noStatus };
  const worker = new Worker(script, {
    eval: true,
    execArgv: [],
    workerData: { address, handles, rank, ranks, patience, code: lostCode } satisfies {
      address: MpiAddress;
      [name: string]: unknown;
    },
  });
  worker.unref();
  const told = (word: string): Promise<void> =>
    new Promise((resolve, reject) => {
      worker.once('message', () => resolve());
      worker.once('error', reject);
      worker.postMessage(word);
    });
  return {
    async end() {
      // Nobody sends any more before anybody reads what has been sent: MPI ends with nothing under way.
      worker.ref();
      await told('silence');
      await meet();
      await told('end');
    },
  };
}
