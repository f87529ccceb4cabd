import type { FileSource, NoteModel } from '@gansynth/model-files';
import type { FindLatentOptions, FoundLatent } from '@gansynth/models-gan/search';
import type { Representation } from '@gansynth/spectral';
import type { SavedTrainingState, TrainingTask } from '@gansynth/training';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { z } from 'zod';
import type { commonFields } from '../recipes/common-fields.js';
import type { Cost } from './cost.js';
import type { Training, TrainingMaterial } from './training.js';

/** One thing wrong with a recipe. */
export interface RecipeProblem {
  /** `training.batchSize` */
  readonly field: string;
  readonly message: string;
}

type CommonRecipe = z.output<z.ZodObject<typeof commonFields, z.core.$strict>>;

/** What every recipe has, whatever it trains. */
export interface AnyRecipe extends CommonRecipe {
  readonly model: { readonly family: string };
  readonly training: {
    readonly hours?: number | undefined;
    /** Of all stages, or of each. */
    readonly batchSize: number | readonly number[];
    readonly microBatch?: number | undefined;
  };
}

export type Say = (field: string, message: string) => void;

/** How long a training is, as its recipe says it. */
export interface LengthField {
  /** Of `training`: `totalImages`. */
  readonly name: string;
  readonly unit: TrainingTask['unit'];
}

/** Which of a family's losses people look at. */
export interface LossesShown {
  /** In the line of progress, as far as a training has them: the loss and what to call it there. */
  readonly line: readonly (readonly [loss: string, label: string])[];
  /** In the report, a chart each: the losses and what to call them there. */
  readonly charts: readonly { readonly title: string; readonly losses: readonly (readonly [loss: string, label: string])[] }[];
}

/** What can be done with a family's published models. */
export interface FamilyModels {
  /** Whether they play notes of a pitch that is asked for; all do but those that need a sound to begin with. */
  readonly playsNotes?: boolean;
  /**
   * A model of the same shape that has learned nothing, with the weights that a training would begin with.
   *
   * @param model files of the one it is compared with
   * @param representation as that model's manifest names it
   */
  untrained?(model: FileSource, how: { readonly seed: number; readonly representation: Representation }): Promise<NoteModel>;
  /**
   * The latent whose note is nearest to an image.
   *
   * @param image [1, frames, bins, channels], of the model's representation
   */
  findLatent?(model: FileSource, image: Tensor4D, options: FindLatentOptions): Promise<FoundLatent>;
}

/** What a family of models says of itself: the recipes it takes, what they mean, and how they are trained. */
export interface FamilyDefinition<Recipe extends AnyRecipe> {
  readonly name: Recipe['model']['family'];
  /** All of a recipe of this family. */
  readonly schema: z.ZodType<Recipe> & z.ZodObject;
  /**
   * Fields of `training` that recipes of this family had before they were found to be of no use, with the values that count in the hashes
   * of runs from then.
   */
  readonly retired: Readonly<Record<string, unknown>>;
  readonly length: LengthField;
  /** Examples after which a training ends. */
  total(recipe: Recipe): number;
  readonly losses: LossesShown;
  readonly models?: FamilyModels;
  /** Says what no single field can say. */
  contradictions(recipe: Recipe, say: Say): void;
  /** What training costs, by arithmetic alone. */
  cost(recipe: Recipe): Promise<Cost>;
  /**
   * Makes ready to train.
   *
   * @returns opens the training: a new one, or one that goes on from a saved state, whose tensors stay the caller's
   */
  prepare(recipe: Recipe, material: TrainingMaterial): Promise<(saved: SavedTrainingState | undefined) => Promise<Training>>;
}

/** A family as programs meet it that do not know which it is. */
export interface Family<Recipe extends AnyRecipe = AnyRecipe> {
  readonly name: string;
  /** What may be said, for documentation and editors. */
  readonly schema: z.ZodObject;
  readonly retired: Readonly<Record<string, unknown>>;
  readonly length: LengthField;
  readonly losses: LossesShown;
  readonly models: FamilyModels;
  /** Whether a recipe is one of this family. */
  owns(recipe: AnyRecipe): recipe is Recipe;
  /** Reads a recipe of this family, field by field. */
  read(input: unknown): z.ZodSafeParseResult<Recipe>;
  total(recipe: AnyRecipe): number;
  contradictions(recipe: AnyRecipe): RecipeProblem[];
  cost(recipe: AnyRecipe): Promise<Cost>;
  prepare(recipe: AnyRecipe, material: TrainingMaterial): ReturnType<FamilyDefinition<Recipe>['prepare']>;
}

export function defineFamily<Recipe extends AnyRecipe>(definition: FamilyDefinition<Recipe>): Family<Recipe> {
  const { name, schema, retired, length, losses, models = {} } = definition;
  const typed: z.ZodType<Recipe> = schema;
  const owns = (recipe: AnyRecipe): recipe is Recipe => recipe.model.family === name;
  const own = (recipe: AnyRecipe): Recipe => {
    if (owns(recipe)) return recipe;
    throw new TypeError(`cli: families: expected a recipe of ${name}, found one of ${recipe.model.family}`);
  };
  return {
    name,
    schema,
    retired,
    length,
    losses,
    models,
    owns,
    read: (input) => typed.safeParse(input),
    total: (recipe) => definition.total(own(recipe)),
    contradictions(recipe) {
      const problems: RecipeProblem[] = [];
      definition.contradictions(own(recipe), (field, message) => void problems.push({ field, message }));
      return problems;
    },
    cost: async (recipe) => definition.cost(own(recipe)),
    prepare: async (recipe, material) => definition.prepare(own(recipe), material),
  };
}

/** A value in a message, cut where it is long. */
export const show = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};
