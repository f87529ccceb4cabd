import { kernelsOf, poolOf, type Kernels, type WasmBackend } from './memory.js';

// Waking the helpers takes tens of microseconds; below this many operations a kernel is done sooner alone, and passes over memory gain little.
const leastWork = 2 ** 23;

/**
 * Calls a kernel whose last two arguments are a range, on as many threads as there are.
 *
 * @param values the arguments before the range; a function gets the number of the part, for what parts may not share
 * @param options.multiple parts begin at multiples of this
 * @param options.work operations in the whole range, roughly
 */
export function dispatch(
  backend: WasmBackend,
  kernel: keyof Kernels,
  values: readonly number[] | ((part: number) => readonly number[]),
  [from, to]: readonly [number, number],
  { multiple = 4, work = to - from }: { multiple?: number; work?: number } = {},
): void {
  const valuesOf = typeof values === 'function' ? values : (): readonly number[] => values;
  const pool = poolOf(backend);
  const size = pool && work >= leastWork ? multiple * Math.ceil((to - from) / pool.threads / multiple) : to - from;
  if (!pool || size >= to - from) {
    kernelsOf(backend)[kernel](...valuesOf(0), from, to);
    return;
  }
  const parts = Math.ceil((to - from) / size);
  pool.run(
    kernel,
    Array.from({ length: parts }, (_, part) => [...valuesOf(part), from + part * size, Math.min(to, from + (part + 1) * size)]),
  );
}
