import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { familyOf } from '../families/index.js';
import type { Recipe } from '../recipes/recipe.js';
import { finishes } from './run-end.js';
import { readRunLog } from './run-log.js';

/** How far a run has come, by its log. */
export interface RunState {
  readonly state: 'not begun' | 'unfinished' | 'finished' | 'diverged';
  /** Examples learned from. */
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  /** Of one that diverged. */
  readonly why?: string;
  /** When what its newest checkpoint holds was first written, in milliseconds since 1970. */
  readonly savedAt?: number;
}

/** How far the run of a recipe has come, whether there is one or not. */
export function runState(folder: string, recipe: Recipe): RunState {
  const family = familyOf(recipe);
  const about = { total: family.total(recipe), unit: family.length.unit };
  if (!existsSync(join(folder, 'recipe.json'))) return { state: 'not begun', done: 0, ...about };
  const log = readRunLog(join(folder, 'log', 'log.jsonl'));
  const { done } = log.findLast(({ type }) => type === 'checkpoint') ?? { done: 0 };
  // A finished run that was given to train again has saved the same once more.
  const saved = log.find((line) => line.type === 'checkpoint' && line.done === done);
  const ended = log.findLast(({ type }) => type === 'end' || type === 'session');
  const known = {
    done,
    ...about,
    ...(saved === undefined ? {} : { savedAt: Date.parse(saved.at) }),
  };
  if (finishes(ended?.['reason']) && existsSync(join(folder, 'model', 'gansynth.json'))) return { state: 'finished', ...known };
  if (ended?.['reason'] === 'DivergenceError') return { state: 'diverged', ...known, why: String(ended['message']) };
  return { state: 'unfinished', ...known };
}
