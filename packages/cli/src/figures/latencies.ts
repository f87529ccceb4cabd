import type { LatencyRow } from '@gansynth/figures';
import { has } from '../runs/read-json-of.js';

/** `latency.json` */
export const areLatencies = (value: unknown): value is LatencyRow[] =>
  Array.isArray(value) &&
  value.every(
    (row: unknown) =>
      has(row, 'model', 'backend', 'milliseconds') &&
      typeof row.model === 'string' &&
      typeof row.backend === 'string' &&
      typeof row.milliseconds === 'number',
  );

/** Earlier rows and new ones, which stand for the earlier of the same model and backend; rows of a model stand together. */
export function mergeLatencies(before: readonly LatencyRow[], measured: readonly LatencyRow[]): LatencyRow[] {
  const isMeasured = ({ model, backend }: LatencyRow): boolean =>
    measured.some((row) => row.model === model && row.backend === backend);
  const all = [...before.filter((row) => !isMeasured(row)), ...measured];
  const models = [...new Set(all.map(({ model }) => model))];
  return models.flatMap((name) => all.filter(({ model }) => model === name));
}
