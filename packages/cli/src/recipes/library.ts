import { messageOf } from '@gansynth/common/errors';
import { parseJson } from '@gansynth/common/json';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '../app/errors.js';
import { packageRoot } from '../app/package-root.js';
import { parseRecipe } from './parse.js';
import { suggest } from '@gansynth/common/suggest';
import type { Recipe } from './recipe.js';

/** Names of the recipes that come with this package: `paper/if-mel-h`, `mini/...`. */
export function shippedRecipes(): string[] {
  const root = join(packageRoot(), 'recipes');
  return readdirSync(root)
    .filter((group) => statSync(join(root, group)).isDirectory())
    .flatMap((group) => readdirSync(join(root, group)).map((file) => `${group}/${file}`))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

/**
 * Path of a recipe: a file of the user's, or the name of one that came with this package.
 *
 * @param folder that a file's path is relative to, if it is not the working folder
 */
export function findRecipe(nameOrPath: string, folder?: string): string {
  const file = folder === undefined ? nameOrPath : resolve(folder, nameOrPath);
  for (const path of [file, `${file}.json`]) if (existsSync(path) && statSync(path).isFile()) return path;
  const shipped = shippedRecipes();
  const name = nameOrPath.replace(/\.json$/, '');
  if (shipped.includes(name)) return join(packageRoot(), 'recipes', `${name}.json`);
  const meant = suggest(name, shipped) ?? shipped.find((one) => one.endsWith(`/${name}`));
  throw new InputError(
    `${nameOrPath}: expected a recipe file or the name of a shipped recipe, found neither. ` +
      `${meant === undefined ? '' : `Did you mean "${meant}"? `}gansynth recipes list names them.`,
    nameOrPath,
  );
}

/** Reads JSON, with a byte order mark or without; says where it stops being JSON. */
export function readJson(path: string): unknown {
  const text = readFileSync(path, 'utf8');
  try {
    return parseJson(text);
  } catch (error) {
    throw new InputError(`${path}: expected JSON, found none: ${messageOf(error)}.`, text, { cause: error });
  }
}

/**
 * A recipe by file or shipped name, checked, defaults filled in.
 *
 * @throws InputError if there is none; RecipeError with all that is wrong with it
 */
export function loadRecipe(nameOrPath: string): Recipe {
  const path = findRecipe(nameOrPath);
  return parseRecipe(readJson(path), path);
}
