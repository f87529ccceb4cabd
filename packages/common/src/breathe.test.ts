import { expect, it } from 'vitest';
import { breathe, isAbort } from './breathe.js';

it('breathe lets a timer have its turn, and ends with the reason of a signal that the timer aborts', async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error('enough')), 1);
  await expect(
    (async () => {
      for (;;) await breathe(abort.signal);
    })(),
  ).rejects.toThrow('enough');
  await expect(breathe(AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
  await breathe();
});

it('isAbort tells the end of aborted work from a fault at the same time', () => {
  const reason = new Error('enough');
  const signal = AbortSignal.abort(reason);
  expect(isAbort(reason, signal)).toBe(true);
  expect(isAbort(new Error('cannot read', { cause: reason }), signal)).toBe(true);
  expect(isAbort(new DOMException('stopped', 'AbortError'), signal)).toBe(true);
  expect(isAbort(new Error('disk full'), signal)).toBe(false);
  expect(isAbort(reason, new AbortController().signal)).toBe(false);
  expect(isAbort(reason, undefined)).toBe(false);
});
