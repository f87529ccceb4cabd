import { exitCodes } from './exit-codes.js';

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Takes the handlers away again. */
  release(): void;
}

export interface InterruptOptions {
  /** A line for the user, as soon as the first request comes. */
  readonly tell: (line: string) => void;
  /** The command saves when it is asked to stop, and is not ended before it has. Others are, if something below them does not listen. */
  readonly saves: boolean;
  /** Called before the process is ended so. */
  readonly giveUp: () => void;
}

/** Milliseconds that a command which has nothing to save gets to stop by itself. */
const patience = 1500;

const requests: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * The first Ctrl-C, SIGTERM (a scheduler's request to end) or SIGHUP (the terminal has gone) asks the command to keep what it has and stop:
 * `signal` aborts. A second
 * Ctrl-C quits at once; schedulers and launchers repeat the others, and mean no haste by it.
 */
export function onInterrupt({ tell, saves, giveUp }: InterruptOptions): Interrupt {
  const controller = new AbortController();
  let limit: NodeJS.Timeout | undefined;
  const handle = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      if (signal === 'SIGINT') process.exit(exitCodes.interrupted);
      return;
    }
    tell(
      `${signal === 'SIGINT' ? 'Ctrl-C' : signal}: ${saves ? 'saving, then stopping' : 'stopping'}. ${signal === 'SIGINT' ? 'Once more' : 'Ctrl-C'} quits at once; what is saved stays.`,
    );
    controller.abort();
    if (saves) return;
    limit = setTimeout(() => {
      giveUp();
      process.exit(exitCodes.interrupted);
    }, patience);
    limit.unref();
  };
  for (const signal of requests) process.on(signal, handle);
  return {
    signal: controller.signal,
    release() {
      clearTimeout(limit);
      for (const signal of requests) process.off(signal, handle);
    },
  };
}
