/**
 * Lets signals and timers have their turn. On cpu and wasm a result is there as soon as it is asked for, and awaiting it leaves the event
 * loop waiting: a long command would never notice Ctrl-C.
 *
 * @throws the signal's reason once it is aborted
 */
export async function breathe(signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}
