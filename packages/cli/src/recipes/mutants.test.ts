import { parseJson } from '@gansynth/common/json';
import { mutants } from '@gansynth/test-kit';
import { expect, it } from 'vitest';
import { loadRecipe } from './library.js';
import { parseRecipe, RecipeError } from './parse.js';

it.each(['mini/smoke', 'mini/wavegan', 'mini/wavenet-16bit', 'mini/nsynth-autoencoder'])(
  'a damaged %s is an error that names a field, or a recipe',
  (name) => {
    let [read, refused, unread] = [0, 0, 0];
    for (const mutant of mutants(Buffer.from(JSON.stringify(loadRecipe(name))), 700, 1)) {
      let input: unknown;
      try {
        input = parseJson(mutant);
      } catch {
        unread++;
        continue;
      }
      try {
        expect(parseRecipe(input).seed).toBeGreaterThanOrEqual(0);
        read++;
      } catch (error) {
        if (!(error instanceof RecipeError)) throw error;
        expect(error.problems.length).toBeGreaterThan(0);
        refused++;
      }
    }
    expect(read + refused + unread).toBe(700);
    expect(refused).toBeGreaterThan(20);
  },
);
