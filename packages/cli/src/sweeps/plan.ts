import { breathe } from '@gansynth/common/breathe';
import { dirname } from 'node:path';
import { InputError } from '../app/errors.js';
import { show } from '../families/family.js';
import { recipeId } from '../recipes/canonical.js';
import { differences } from '../recipes/diff.js';
import { findRecipe, readJson } from '../recipes/library.js';
import { parseRecipe, RecipeError } from '../recipes/parse.js';
import { valueAt } from '../recipes/problems.js';
import type { Recipe } from '../recipes/recipe.js';
import { fieldProblems } from './check-fields.js';
import { countSettings, settingsOf, withSettings, type Settings } from './settings.js';
import { readSweepFile } from './sweep-file.js';

/** One training of a sweep. */
export interface Point {
  /** From 0, in the order of the file. */
  readonly index: number;
  /** What it has in the fields that the sweep changes, defaults included. */
  readonly settings: Settings;
  /** Id of its run, the one that `gansynth train` of its recipe has. */
  readonly run: string;
  readonly recipe: Recipe;
}

/** A sweep whose recipes are all valid and all different. */
export interface Sweep {
  readonly recipe: string;
  /** The fields that it changes. */
  readonly fields: readonly string[];
  readonly points: readonly Point[];
  /** Short name of the score that it is ranked by. */
  readonly rank: string | undefined;
}

const mostPoints = 10_000;

/** "training.learningRate 0.001, seed 0" */
export const describeSettings = (settings: Settings): string =>
  Object.entries(settings)
    .map(([field, value]) => `${field} ${show(value)}`)
    .join(', ');

/** "points 0, 3 and 5 others" */
function describeIndices(indices: readonly number[]): string {
  if (indices.length === 1) return `point ${indices[0]}`;
  if (indices.length <= 5) return `points ${indices.join(', ')}`;
  return `points ${indices.slice(0, 4).join(', ')} and ${indices.length - 4} others`;
}

/**
 * All points of a sweep's file.
 *
 * @throws InputError that names every point and field that is wrong, and points that would be one run
 */
export async function planSweep(file: string, signal: AbortSignal): Promise<Sweep> {
  const sweep = readSweepFile(file);
  const refuse = (problems: readonly string[]): void => {
    if (problems.length > 0) throw new InputError(problems.map((problem) => `${file}: ${problem}`).join('\n'), problems);
  };
  refuse(fieldProblems(sweep));
  const count = countSettings(sweep);
  if (count > mostPoints) refuse([`expected at most ${mostPoints} points, found ${count}. Divide it into several sweeps.`]);
  const all = settingsOf(sweep);
  const changed = new Set(all.flatMap((settings) => Object.keys(settings)));
  const fields = [...changed].sort((a, b) => Number(a === 'seed') - Number(b === 'seed'));
  const source = readJson(findRecipe(sweep.recipe, dirname(file)));
  const points: Point[] = [];
  /** Points by what is wrong with them: a fault of the recipe is one fault, however many points it has. */
  const faults = new Map<string, number[]>();
  for (const [index, settings] of all.entries()) {
    await breathe(signal);
    try {
      const recipe = parseRecipe(withSettings(source, settings), sweep.recipe);
      const shown = Object.fromEntries(fields.map((field) => [field, valueAt(recipe, field.split('.'))]));
      points.push({ index, settings: shown, run: recipeId(recipe), recipe });
    } catch (error) {
      if (!(error instanceof RecipeError)) throw error;
      for (const { field, message } of error.problems) {
        const fault = field === '' ? message : `${field}: ${message}`;
        faults.set(fault, [...(faults.get(fault) ?? []), index]);
      }
    }
  }
  refuse(
    [...faults].map(([fault, indices]) => {
      const settings = indices.length === 1 ? describeSettings(all[indices[0]!]!) : '';
      return `${describeIndices(indices)}${settings === '' ? '' : ` (${settings})`}: ${fault}`;
    }),
  );
  refuse(twins(points));
  return { recipe: sweep.recipe, fields, points, rank: sweep.rank };
}

/** Points that would be one run. */
function twins(points: readonly Point[]): string[] {
  const first = new Map<string, Point>();
  return points.flatMap((point) => {
    const before = first.get(point.run);
    first.set(point.run, before ?? point);
    if (before === undefined) return [];
    const fields = differences(before.recipe, point.recipe).map(({ field }) => field);
    const why =
      fields.length === 0
        ? 'they are the same'
        : `they differ only in ${fields.join(', ')}, which decides nothing that is learned`;
    return [
      `points ${before.index} and ${point.index}: expected runs of their own, found one, ${point.run}: ${why}. Leave out one.`,
    ];
  });
}
