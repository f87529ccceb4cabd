import { describe, expect, it } from 'vitest';
import { whyNoThreads } from './threads.js';
import { startWorkerPool, type CompiledFunctions, type WorkerPool } from './worker-pool.js';

/**
 * `mark(address, rounds, fails)` over a shared memory `env.memory` of one page: traps if it is to fail, else counts its rounds, then writes 1 to the
 * address.
 */
const binary = Uint8Array.from(
  [
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    // A function type of three i32, the memory, one function, its export.
    [1, 7, 1, 0x60, 3, 0x7f, 0x7f, 0x7f, 0],
    [2, 16, 1, 3, 0x65, 0x6e, 0x76, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 3, 1, 1],
    [3, 2, 1, 0],
    [7, 8, 1, 4, 0x6d, 0x61, 0x72, 0x6b, 0, 0],
    [10, 29, 1, 27, 0],
    // if (fails) unreachable
    [0x20, 2, 0x04, 0x40, 0x00, 0x0b],
    // do rounds-- while (rounds)
    [0x03, 0x40, 0x20, 1, 0x41, 1, 0x6b, 0x22, 1, 0x0d, 0, 0x0b],
    // memory[address] = 1
    [0x20, 0, 0x41, 1, 0x36, 2, 0, 0x0b],
  ].flat(),
);

/** Rounds that take a good while. */
const many = 50_000_000;

async function started(): Promise<{ pool: WorkerPool<'mark'>; marks: () => number[] }> {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const functions = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } })
    .exports as unknown as CompiledFunctions<'mark'>;
  const words = new Int32Array(memory.buffer);
  return {
    pool: await startWorkerPool({ who: 'markers', threads: 3, memory, binary, functions }),
    marks: () => {
      const found = [...words.subarray(0, 3)];
      words.fill(0);
      return found;
    },
  };
}

describe('a worker pool', () => {
  it('calls a function on each thread, and returns when all have ended', async () => {
    expect(whyNoThreads()).toBeNull();
    const { pool, marks } = await started();
    const parts = [0, 1, 2].map((part) => [4 * part, part === 0 ? 1 : many, 0]);
    pool.run('mark', parts);
    expect(marks()).toEqual([1, 1, 1]);
    pool.run('mark', parts.slice(0, 2));
    expect(marks()).toEqual([1, 1, 0]);
    pool.end();
  });

  it('that fails on the calling thread has ended on all others when it says so, and goes on', async () => {
    const { pool, marks } = await started();
    const parts = [0, 1, 2].map((part) => [4 * part, many, 0]);
    expect(() => pool.run('mark', [[0, 1, 1], ...parts.slice(1)])).toThrow(WebAssembly.RuntimeError);
    expect(marks()).toEqual([0, 1, 1]);
    // Also where one fails on a helper besides: the next run knows nothing of it.
    expect(() => pool.run('mark', [[0, 1, 1], [4, 1, 1], parts[2]!])).toThrow(WebAssembly.RuntimeError);
    expect(marks()).toEqual([0, 0, 1]);
    pool.run('mark', parts);
    expect(marks()).toEqual([1, 1, 1]);
    pool.end();
  });

  it('that fails on a helper says whose function it was, and goes on', async () => {
    const { pool, marks } = await started();
    const parts = [0, 1, 2].map((part) => [4 * part, 1, 0]);
    expect(() => pool.run('mark', [parts[0]!, [4, 1, 1], parts[2]!])).toThrow('markers: mark failed on a helper thread.');
    expect(marks()).toEqual([1, 0, 1]);
    pool.run('mark', parts);
    expect(marks()).toEqual([1, 1, 1]);
    pool.end();
  });
});
