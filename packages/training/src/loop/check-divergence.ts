import { DivergenceError } from './errors.js';
import type { Numbers } from './training-progress.js';
import type { TrainingTask } from './training-task.js';

/** @throws DivergenceError if a loss is not finite or beyond the task's limit, or a norm not finite */
export function checkDivergence(task: TrainingTask, losses: Numbers, norms: Numbers): void {
  const { divergenceLimit: limit = Number.MAX_VALUE, kind, unit, phase, progress } = task;
  const found = unsound(losses, 'loss', limit) ?? unsound(norms, 'gradient norm', Number.MAX_VALUE);
  if (!found) return;
  const { done, steps, lastLosses } = progress;
  throw new DivergenceError(
    {
      ...found,
      kind,
      unit,
      done,
      steps,
      phase: { index: phase.index, label: phase.label },
      ...(lastLosses ? { lastLosses: { ...lastLosses } } : {}),
    },
    limit,
  );
}

function unsound(numbers: Numbers, what: string, limit: number): { quantity: string; value: number } | undefined {
  for (const [name, value] of Object.entries(numbers)) {
    if (value !== undefined && !(Math.abs(value) <= limit)) return { quantity: `${name} ${what}`, value };
  }
  return undefined;
}
