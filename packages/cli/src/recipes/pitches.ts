import type { AnyRecipe } from '../families/family.js';

/** The pitches that a recipe's model knows, ascending: all of the range, whether notes have them or not. */
export function pitchesOf({ data }: Pick<AnyRecipe, 'data'>): number[] {
  const [low, high] = data.filter.pitches;
  return Array.from({ length: high - low + 1 }, (_, i) => low + i);
}
