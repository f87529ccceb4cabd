import { setTimeout as pause } from 'node:timers/promises';
import type { Communicator } from './communicator.js';
import { distances } from './gather.js';
import type { MpiLibrary } from './library.js';

/** Of beats; 1 is that of other messages. */
const tag = 2;

/** Milliseconds between beats. */
const interval = 1000;

/** How many times as long as this process computed the others may compute, before they are missed. */
const slowness = 3;

export interface HeartbeatOptions {
  /** Seconds without a sign after which a process is lost, besides {@link slowness} times those that this one has just computed for. */
  readonly patience: number;
  /** Told once of a process that is lost, and of the seconds that it was waited for. */
  readonly onLost: (rank: number, seconds: number) => void;
}

/** What tells a process that computes or saves from one that is frozen, while others wait for it. */
export interface Heartbeat {
  /** Does what all processes do together; what this one computed for since the last time, others may take some times as long for. */
  together<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Waits for a process's part of an exchange; it is given up where nothing is heard of it. */
  during<Result>(partner: number, exchange: Promise<Result>): Promise<Result>;
  /** Says no more. */
  silence(): void;
  /** Takes what others have said: no message is under way afterwards. To be called when all are silent. Who does not take what was said is lost. */
  drain(): Promise<void>;
}

/**
 * While its events are let run, a process tells those it exchanges with, every second, that it is alive: also while it saves, or waits for a third one. In
 * the middle of a computation it cannot; but all compute alike, so who waits allows for some times as long as it took itself.
 *
 * Beats are counted, not seconds: nobody is lost because all were suspended together. They are sent by this thread alone, without waiting: koffi crashes
 * now and then where two threads load it (Koromix/koffi#190).
 */
export function startHeartbeat(
  { bind, world, byte, noStatus }: MpiLibrary,
  { rank, ranks }: Communicator,
  { patience, onLost }: HeartbeatOptions,
): Heartbeat {
  const isend = bind('MPI_Isend', ['void *', 'int', 'handle', 'int', 'int', 'handle', 'void *']);
  const test = bind('MPI_Test', ['void *', 'void *', 'void *']);
  const probe = bind('MPI_Iprobe', ['int', 'int', 'handle', 'void *', 'void *']);
  const receive = bind('MPI_Recv', ['void *', 'int', 'handle', 'int', 'int', 'handle', 'void *']);
  const [beat, heard, flag] = [new Uint8Array(1), new Uint8Array(1), new Int32Array(1)];
  const others = distances(ranks).map((distance) => ({
    rank: rank ^ distance,
    // As large as a request of any MPI: a pointer.
    request: new Uint8Array(8),
    isUnderWay: false,
  }));
  let wait: { readonly partner: number; missed: number } | undefined;
  let computedSince = performance.now();
  let limit = patience;

  const settle = (other: (typeof others)[number]): void => {
    if (!other.isUnderWay) return;
    test(other.request, flag, noStatus);
    other.isUnderWay = flag[0] === 0;
  };
  const listen = (): void => {
    for (const other of others) {
      for (;;) {
        probe(other.rank, tag, world, flag, noStatus);
        if (flag[0] === 0) break;
        receive(heard, 1, byte, other.rank, tag, world, noStatus);
        if (wait?.partner === other.rank) wait.missed = 0;
      }
    }
  };
  const timer = setInterval(() => {
    for (const other of others) {
      // One at a time: a process that computes takes none meanwhile.
      settle(other);
      if (other.isUnderWay) continue;
      isend(beat, 1, byte, other.rank, tag, world, other.request);
      other.isUnderWay = true;
    }
    if (wait) wait.missed++;
    listen();
    if (!wait || wait.missed <= limit) return;
    clearInterval(timer);
    onLost(wait.partner, (wait.missed * interval) / 1000);
  }, interval);
  timer.unref();

  return {
    async together(work) {
      limit = patience + (slowness * (performance.now() - computedSince)) / 1000;
      try {
        return await work();
      } finally {
        computedSince = performance.now();
      }
    },
    async during(partner, exchange) {
      wait = { partner, missed: 0 };
      try {
        return await exchange;
      } finally {
        wait = undefined;
      }
    },
    silence: () => clearInterval(timer),
    async drain() {
      for (const began = performance.now(); ; await pause(1)) {
        listen();
        for (const other of others) settle(other);
        const left = others.find(({ isUnderWay }) => isUnderWay);
        if (left === undefined) return;
        const seconds = Math.round((performance.now() - began) / 1000);
        if (seconds > patience) return onLost(left.rank, seconds);
      }
    },
  };
}
