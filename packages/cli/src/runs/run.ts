import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { InputError } from '../app/errors.js';
import type { Loaded } from '../backend/names.js';
import { recipeHash, recipeId } from '../recipes/canonical.js';
import { readJson } from '../recipes/library.js';
import { parseKeptRecipe } from '../recipes/parse.js';
import type { Recipe } from '../recipes/recipe.js';
import { suggest } from '@gansynth/common/suggest';
import { writeJson } from './write-json.js';
import { describeEnvironment, readSessions, type Environment } from './environment.js';
import { lockFolder, type Lock } from './lock.js';
import { sweep } from './sweep.js';

/** One training run on disk: where everything of it lies. */
export interface Run {
  readonly id: string;
  /** Absolute. */
  readonly folder: string;
  readonly recipe: Recipe;
  readonly paths: RunPaths;
}

export interface RunPaths {
  /** The recipe with every default filled in. */
  readonly recipe: string;
  /** What each session of the run was computed with: a list. */
  readonly environment: string;
  /** Training states, newest last. */
  readonly checkpoints: string;
  /** `log.jsonl` and TensorBoard event files. */
  readonly log: string;
  /** `stage-03/` with WAV files and rainbowgrams. */
  readonly samples: string;
  /** The averaged generator as a model anyone can load. */
  readonly model: string;
  /** What was trained on: number of notes, pitches, a hash of their ids. */
  readonly data: string;
  readonly normaliser: string;
  readonly scores: string;
  readonly report: string;
}

function paths(folder: string): RunPaths {
  const at = (name: string): string => join(folder, name);
  return {
    recipe: at('recipe.json'),
    environment: at('environment.json'),
    checkpoints: at('checkpoints'),
    log: at('log'),
    samples: at('samples'),
    model: at('model'),
    data: at('data.json'),
    normaliser: at('normaliser.json'),
    scores: at('scores.json'),
    report: at('report.html'),
  };
}

export interface OpenedRun extends Run {
  /** False if it was there before. */
  readonly isNew: boolean;
  readonly lock: Lock;
}

/**
 * The run of a recipe: made where there is none, taken up where there is one; locked for this process.
 *
 * @param root folder of all runs
 * @throws InputError if the folder holds something else, BusyError if another process works on it
 */
export async function openRun(root: string, recipe: Recipe): Promise<OpenedRun> {
  const id = recipeId(recipe);
  const folder = resolve(root, id);
  const at = paths(folder);
  const isNew = !existsSync(at.recipe);
  if (isNew && existsSync(folder) && readdirSync(folder).some((name) => !/^lock\.json|\.tmp$/.test(name))) {
    throw new InputError(
      `${folder}: expected a run of ${recipe.name} or nothing, found a folder without recipe.json. Move it away.`,
      folder,
    );
  }
  const lock = lockNew(folder);
  try {
    sweep(folder);
    if (isNew) await writeJson(at.recipe, recipe);
    else {
      const kept = parseKeptRecipe(readJson(at.recipe), at.recipe);
      if (recipeHash(kept) !== recipeHash(recipe)) {
        throw new InputError(
          `${at.recipe}: expected the recipe whose hash is in the folder's name, found another: it was edited. Put it back.`,
          kept,
        );
      }
    }
    return { id, folder, recipe, paths: at, isNew, lock };
  } catch (error) {
    lock.release();
    removeEmpty(folder);
    throw error;
  }
}

/** Locks a folder, made if need be; where it cannot be locked, a folder that was made for it is taken away again. */
function lockNew(folder: string): Lock {
  try {
    mkdirSync(folder, { recursive: true });
    return lockFolder(folder);
  } catch (error) {
    removeEmpty(folder);
    throw error;
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It has something in it, or was never made: nothing to tidy.
  }
}

/** Notes what this session of a run is computed with. */
export async function recordEnvironment(run: Run, backend: Loaded): Promise<Environment> {
  const before = readSessions(run.paths.environment);
  const now = describeEnvironment(backend);
  await writeJson(run.paths.environment, [...before, now]);
  return now;
}

/** Runs below a folder, newest first. */
export function listRuns(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .map((name) => join(root, name))
    .filter((folder) => existsSync(join(folder, 'recipe.json')))
    .sort((a, b) => statSync(join(b, 'recipe.json')).mtimeMs - statSync(join(a, 'recipe.json')).mtimeMs);
}

/**
 * A run by its folder, its id, the beginning of its id, or the whole name of its recipe.
 *
 * @throws InputError that names the runs there are
 */
export function findRun(nameOrFolder: string, root = 'runs'): Run {
  if (nameOrFolder !== '' && existsSync(nameOrFolder)) {
    if (existsSync(join(nameOrFolder, 'recipe.json'))) return readRun(nameOrFolder);
    throw new InputError(
      `${nameOrFolder}: expected a run folder (with recipe.json, as gansynth train makes it), found ${contents(nameOrFolder)}.`,
      nameOrFolder,
    );
  }
  const known = listRuns(root).map((folder) => ({ folder, id: basename(folder) }));
  const byId = nameOrFolder === '' ? [] : known.filter(({ id }) => id.startsWith(nameOrFolder));
  const exact = byId.filter(({ id }) => id === nameOrFolder);
  const byName = known.filter(({ folder }) => recipeName(folder) === nameOrFolder);
  const fitting = [exact, byId, byName].find((some) => some.length > 0) ?? [];
  const [only] = fitting;
  if (only && fitting.length === 1) return readRun(only.folder);
  const ids = known.map(({ id }) => id);
  const meant = suggest(nameOrFolder, ids);
  const shown = nameOrFolder === '' ? 'an empty name' : nameOrFolder;
  throw new InputError(
    fitting.length > 1
      ? `${shown}: expected one run, found ${fitting.map(({ id }) => id).join(', ')}. Name one of them.`
      : `${shown}: expected a run, found none of that name in ${root}. ` +
          (meant === undefined
            ? `There ${ids.length === 0 ? 'are none: gansynth train makes one' : `is ${ids.join(', ')}`}.`
            : `Did you mean ${meant}?`),
    nameOrFolder,
  );
}

const contents = (path: string): string =>
  statSync(path).isDirectory() ? readdirSync(path).slice(0, 5).join(', ') || 'an empty folder' : 'a file';

/** Name of the recipe of a run, if it can be read. */
function recipeName(folder: string): unknown {
  try {
    const recipe = readJson(join(folder, 'recipe.json'));
    return typeof recipe === 'object' && recipe !== null && 'name' in recipe ? recipe.name : undefined;
  } catch {
    return undefined;
  }
}

function readRun(folder: string): Run {
  const at = paths(resolve(folder));
  return {
    id: basename(resolve(folder)),
    folder: resolve(folder),
    recipe: parseKeptRecipe(readJson(at.recipe), at.recipe),
    paths: at,
  };
}
