/** Processors that this program may use. */
export const processors = (): number => globalThis.navigator?.hardwareConcurrency ?? nodeProcessors();

function nodeProcessors(): number {
  const os = typeof process === 'object' ? process.getBuiltinModule?.('node:os') : undefined;
  return os ? os.availableParallelism() : 1;
}

/** Why this thread can have no helpers that share its memory; null: it can. */
export function whyNoThreads(): string | null {
  if (typeof SharedArrayBuffer === 'undefined') return 'no SharedArrayBuffer here (a web page must be cross-origin isolated)';
  return mayWait() ? null : 'a page may not wait for threads: call it in a worker';
}

/** Whether this thread may wait: a page's own may not, its workers may. */
function mayWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    return true;
  } catch {
    return false;
  }
}
