export { CliError, BusyError, EnvironmentError, InputError, InterruptedError, UsageError } from './app/errors.js';
export { exitCodes, type ExitCode } from './app/exit-codes.js';
export { runProgram } from './app/run-program.js';
export { chooseBackend, type Choice } from './backend/choose.js';
export { backendNames, type BackendName, type Failure, type Loaded } from './backend/names.js';
export { recipeHash, recipeId } from './recipes/canonical.js';
export { costOf, type Cost, type StageCost } from './recipes/cost.js';
export { documentFields, type Field } from './recipes/fields.js';
export { loadRecipe, shippedRecipes } from './recipes/library.js';
export { parseRecipe, RecipeError, type RecipeProblem } from './recipes/parse.js';
export type {
  DataRecipe,
  NsynthAutoencoderRecipe,
  ProgressiveGanRecipe,
  Recipe,
  RepresentationRecipe,
  WaveGanRecipe,
  WaveNetRecipe,
} from './recipes/recipe.js';
export { recipeSchema } from './recipes/schema.js';
export { findRun, listRuns, type Run, type RunPaths } from './runs/run.js';
