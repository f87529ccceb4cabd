import { stateOf, snapshotOf, type TrainingState } from '../loop/training-state.js';
import type { TrainingTask } from '../loop/training-task.js';

/** Fails a check. */
export function demand(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new Error(message());
}

export function demandEqual(actual: unknown, expected: unknown, what: string): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  demand(found === wanted, () => `${what}: expected ${wanted}, found ${found}`);
}

/** @returns what was thrown, or rejected with */
export async function demandFailure(work: () => unknown, what: string): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error(`${what}: expected an error, found none`);
}

const bits = (values: Float32Array): Uint32Array => new Uint32Array(values.buffer, values.byteOffset, values.length);

/** Two states are the same, bit for bit. */
export function demandSameState(actual: TrainingState, expected: TrainingState, what: string): void {
  demandEqual(actual.manifest, expected.manifest, `${what}: manifest`);
  demandEqual(Object.keys(actual.tensors).sort(), Object.keys(expected.tensors).sort(), `${what}: names of tensors`);
  for (const [name, { shape, data }] of Object.entries(expected.tensors)) {
    const found = actual.tensors[name];
    demandEqual(found?.shape, shape, `${what}: shape of ${name}`);
    const [mine, theirs] = [bits(found?.data ?? new Float32Array()), bits(data)];
    const at = theirs.findIndex((value, index) => value !== mine[index]);
    demand(at < 0, () => `${what}: expected ${data[at]} at ${at} of ${name}, found ${found?.data[at]}`);
  }
}

export async function demandState(task: TrainingTask, expected: TrainingState | undefined, what: string): Promise<void> {
  if (!expected) throw new Error(`${what}: there is no such state`);
  demandSameState(await snapshotOf(task), expected, what);
}

/** As a file would hold it: through JSON and bytes. */
export function stored({ manifest, tensors }: TrainingState): { manifest: unknown; tensors: TrainingState['tensors'] } {
  return {
    manifest: JSON.parse(JSON.stringify(manifest)),
    tensors: Object.fromEntries(
      Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape, data: new Float32Array(data.slice().buffer) }]),
    ),
  };
}

/** Each tensor of a task has one name: none hides another. */
export function demandDistinctNames(task: TrainingTask): void {
  task.prepare?.();
  const names = Object.values(task.parts).flatMap((part) => Object.keys(part.tensors()));
  demandEqual(names.length, new Set(names).size, 'names of tensors, and different ones among them');
  demandEqual(Object.keys(stateOf(task).tensors).length, names.length, 'tensors in the state');
}
