import { expect, it } from 'vitest';
import { breathe } from './breathe.js';

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
