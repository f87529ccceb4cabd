import { createHash } from 'node:crypto';
import { familyOf, type Recipe } from '../families/index.js';

/** JSON with sorted keys and no blanks: equal values, equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/**
 * The part of a recipe that decides what is learned: without its name, description, what is saved on the way, and where the data lie.
 * Adding a field with a default later leaves old hashes alone only if the default is left out here; see `recipeId`. Fields that a family once
 * had and never used still count, so that runs keep their ids.
 */
export function essence(recipe: Recipe): unknown {
  const { $schema: _schema, name: _name, description: _description, saving: _saving, data, training, ...rest } = recipe;
  const { path: _path, onBadNote: _onBadNote, ...which } = data;
  const { microBatch: _microBatch, ...how } = training;
  return { ...rest, data: which, training: { ...familyOf(recipe).retired, ...how } };
}

/** Hex SHA-256 of a recipe's essence, defaults included. */
export const recipeHash = (recipe: Recipe): string =>
  createHash('sha256')
    .update(canonicalJson(essence(recipe)))
    .digest('hex');

/** Name of a run's folder: the last part of the recipe's name and the start of its hash, e.g. `if-mel-h-3f2a91c0`. */
export const recipeId = (recipe: Recipe): string => `${recipe.name.split('/').at(-1)}-${recipeHash(recipe).slice(0, 8)}`;
