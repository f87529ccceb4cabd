import { ProcessError } from './errors.js';
import type { MpiLibrary } from './library.js';

/** Numbers that one process sends to another as they are in memory. */
export type Block = Uint8Array | Uint16Array | Float32Array | Float64Array;

/** Processes that can send to each other. */
export interface Communicator {
  /** This process's number, from 0. */
  readonly rank: number;
  readonly ranks: number;
  /** Sends to a process, and receives what it sends at the same time. Neither block may be touched meanwhile. One call at a time. */
  exchange(partner: number, sent: Block, received: Block): Promise<void>;
}

/** Of messages; those of the heartbeat are 2. */
const tag = 1;

/** All processes that were started with this one. MPI must be initialised. */
export function worldCommunicator({ bind, world, byte, noStatus }: MpiLibrary): Communicator {
  const numberFrom = (name: string): number => {
    const found = new Int32Array(1);
    bind(name, ['handle', 'void *'])(world, found);
    return found[0]!;
  };
  // sent, count, type, to, tag, received, count, type, from, tag, communicator, status
  const message = ['void *', 'int', 'handle', 'int', 'int'];
  const sendrecv = bind('MPI_Sendrecv', [...message, ...message, 'handle', 'void *']);
  return {
    rank: numberFrom('MPI_Comm_rank'),
    ranks: numberFrom('MPI_Comm_size'),
    exchange: (partner, sent, received) =>
      new Promise((resolve, reject) => {
        const out = [sent, sent.byteLength, byte, partner, tag];
        const into = [received, received.byteLength, byte, partner, tag];
        sendrecv.async(...out, ...into, world, noStatus, (error: Error | null, code: number) => {
          if (error === null && code === 0) resolve();
          else reject(error ?? new ProcessError(`expected to exchange with process ${partner}, found MPI's error ${code}.`));
        });
      }),
  };
}
