import { isObject } from '../recipes/problems.js';
import type { SweepFile } from './sweep-file.js';

/** Values by recipe field: `training.learningRate`. */
export type Settings = Readonly<Record<string, unknown>>;

/** How many points a sweep has. */
export function countSettings({ grid, list, seeds = 1 }: SweepFile): number {
  const sizes = Object.values(grid ?? {}).map(({ length }) => length);
  return seeds * (list?.length ?? sizes.reduce((product, size) => product * size, 1));
}

/** The settings of every point in order: of a grid the last field changes fastest; all points of the first seed come first. */
export function settingsOf({ grid, list, seeds }: SweepFile): Settings[] {
  const points = list ?? Object.entries(grid ?? {}).reduce<Settings[]>(crossed, [{}]);
  if (seeds === undefined) return points;
  return Array.from({ length: seeds }, (_, seed) => seed).flatMap((seed) => points.map((point) => ({ ...point, seed })));
}

const crossed = (points: readonly Settings[], [field, values]: [string, readonly unknown[]]): Settings[] =>
  points.flatMap((point) => values.map((value) => ({ ...point, [field]: value })));

/** A recipe's JSON with some fields changed; what a field lies in is made where it is not there. */
export const withSettings = (recipe: unknown, settings: Settings): unknown =>
  Object.entries(settings).reduce((changed, [field, value]) => withValue(changed, field.split('.'), value), recipe);

function withValue(input: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const object = isObject(input) && !Array.isArray(input) ? input : {};
  return { ...object, [key]: withValue(object[key], rest, value) };
}
