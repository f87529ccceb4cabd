import { exitCodes } from './exit-codes.js';

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Takes the handlers away again. */
  release(): void;
}

/**
 * The first Ctrl-C (or SIGTERM, a scheduler's request to end) asks the command to save and stop: `signal` aborts. The second quits at once.
 */
export function onInterrupt(tell: (line: string) => void): Interrupt {
  const controller = new AbortController();
  const handle = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    tell(
      `${signal === 'SIGTERM' ? 'SIGTERM' : 'Ctrl-C'}: saving, then stopping. Once more quits at once; the last checkpoint stays.`,
    );
    controller.abort();
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', handle);
      process.off('SIGTERM', handle);
    },
  };
}
