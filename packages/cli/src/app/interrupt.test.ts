import { describe, expect, it } from 'vitest';
import { isAbort } from './interrupt.js';

const aborted = AbortSignal.abort();

describe('what an aborted command ends with', () => {
  it('is the reason of its signal, an AbortError of something below, or an error because of one', () => {
    expect(isAbort(aborted.reason, aborted)).toBe(true);
    expect(isAbort(new DOMException('stopped', 'AbortError'), aborted)).toBe(true);
    expect(isAbort(new Error('reading failed', { cause: aborted.reason }), aborted)).toBe(true);
  });

  it('is no other error, and none while nobody asked to stop', () => {
    expect(isAbort(new Error('disk full'), aborted)).toBe(false);
    expect(isAbort(new DOMException('stopped', 'AbortError'), new AbortController().signal)).toBe(false);
  });
});
