import { suggest } from '@gansynth/common/suggest';
import { InputError } from '../app/errors.js';
import { show, type Family, type RecipeProblem } from '../families/family.js';
import { families, familyNamed, type Recipe } from '../families/index.js';
import { isObject, problemsOf, valueAt } from './problems.js';

export type { RecipeProblem } from '../families/family.js';

/** A recipe that cannot be used; `problems` has all of what is wrong with it. */
export class RecipeError extends InputError {
  constructor(
    /** File or name of the recipe. */
    readonly source: string,
    readonly problems: readonly RecipeProblem[],
  ) {
    super(problems.map(({ field, message }) => `${source}: ${field === '' ? '' : `${field}: `}${message}`).join('\n'), problems);
  }
}

/** The family that an input names; the first where it names none. */
function familyIn(input: unknown, source: string): Family<Recipe> {
  const wanted = valueAt(input, ['model', 'family']);
  const family = wanted === undefined ? families[0] : familyNamed(wanted);
  if (family) return family;
  const known = families.map(({ name }) => name);
  const meant = typeof wanted === 'string' ? suggest(wanted, known) : undefined;
  const cure = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  const message = `found ${show(wanted)}. Expected one of ${known.join(', ')}.${cure}`;
  throw new RecipeError(source, [{ field: 'model.family', message }]);
}

/**
 * Checks a recipe and fills in what it leaves out.
 *
 * @param input parsed JSON
 * @param source what to call it in messages: its file
 * @throws RecipeError with every problem (of a representation's numbers the first), each with its field and, for a typo, the field that was meant
 */
export function parseRecipe(input: unknown, source = 'recipe'): Recipe {
  const family = familyIn(input, source);
  const parsed = family.read(input);
  if (!parsed.success) {
    throw new RecipeError(
      source,
      parsed.error.issues.flatMap((issue) => problemsOf(issue, input, family, families)),
    );
  }
  const recipe = parsed.data;
  const problems = family.contradictions(recipe);
  if (problems.length > 0) throw new RecipeError(source, problems);
  return recipe;
}

/**
 * A recipe as a run or a model keeps it. One of an earlier version has fields that its family never used: they are dropped, and the run keeps
 * its id.
 */
export function parseKeptRecipe(input: unknown, source: string): Recipe {
  const { retired } = familyIn(input, source);
  if (!isObject(input) || !isObject(input['training'])) return parseRecipe(input, source);
  const used = Object.entries(input['training']).filter(([key]) => !Object.hasOwn(retired, key));
  return parseRecipe({ ...input, training: Object.fromEntries(used) }, source);
}
