import { afterEach, expect, it, vi } from 'vitest';
import { onInterrupt } from './interrupt.js';

afterEach(() => vi.restoreAllMocks());

/** Signals, one after the other, to a command that saves. @returns how often it was told to save, and ended at once */
function received(...signals: readonly ('SIGINT' | 'SIGTERM' | 'SIGHUP')[]): { told: number; ended: number } {
  const exit = vi
    .spyOn(process, 'exit')
    .mockReturnValue(undefined as never)
    .mockClear();
  let told = 0;
  const interrupt = onInterrupt({ tell: () => told++, saves: true, giveUp: () => undefined });
  try {
    // Those of this program alone: the test runner has its own.
    for (const signal of signals) process.listeners(signal).at(-1)?.(signal);
    expect(interrupt.signal.aborted).toBe(true);
    return { told, ended: exit.mock.calls.length };
  } finally {
    interrupt.release();
  }
}

it('a second Ctrl-C ends a command that is saving', () => {
  expect(received('SIGINT', 'SIGINT')).toEqual({ told: 1, ended: 1 });
  expect(received('SIGTERM', 'SIGINT')).toEqual({ told: 1, ended: 1 });
});

it('what schedulers and launchers repeat does not', () => {
  expect(received('SIGTERM', 'SIGTERM', 'SIGTERM')).toEqual({ told: 1, ended: 0 });
  expect(received('SIGHUP', 'SIGTERM')).toEqual({ told: 1, ended: 0 });
});
