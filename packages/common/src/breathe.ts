/** Node's, after which timers and signals have had their turn; a page has none. */
const immediate: unknown = Reflect.get(globalThis, 'setImmediate');

/**
 * Lets timers, signals, messages and input have their turn. On cpu and wasm a result is there as soon as it is asked for, and awaiting it
 * leaves the event loop waiting: a long computation would never notice Ctrl-C, nor a page its buttons.
 *
 * @throws the signal's reason once it is aborted
 */
export async function breathe(signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve) => {
    if (typeof immediate === 'function') immediate(resolve);
    else setTimeout(resolve, 0);
  });
  signal?.throwIfAborted();
}

/** Whether an error is no fault but what an aborted signal makes work end with: its reason, or an `AbortError`, also as a cause. */
export function isAbort(error: unknown, signal: AbortSignal | undefined): boolean {
  if (!signal?.aborted) return false;
  if (error === signal.reason) return true;
  return error instanceof Error && (error.name === 'AbortError' || isAbort(error.cause, signal));
}
