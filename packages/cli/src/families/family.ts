import type { z } from 'zod';
import type { commonFields } from '../recipes/common-fields.js';

/** One thing wrong with a recipe. */
export interface RecipeProblem {
  /** `training.batchSize` */
  readonly field: string;
  readonly message: string;
}

export interface StageCost {
  readonly stage: number;
  /** `32x256` */
  readonly size: string;
  readonly images: number;
  /** Multiply-adds of one pass of one image. */
  readonly generator: number;
  readonly critic: number;
  /** FLOP of the stage, both updates. */
  readonly flop: number;
}

export interface Cost {
  readonly generatorParameters: number;
  readonly criticParameters: number;
  readonly stages: readonly StageCost[];
  readonly flop: number;
}

type CommonRecipe = z.output<z.ZodObject<typeof commonFields, z.core.$strict>>;

/** What every recipe has, whatever it trains. */
export interface AnyRecipe extends CommonRecipe {
  readonly model: { readonly family: string };
  readonly training: {
    readonly totalImages: number;
    readonly hours?: number | undefined;
    readonly microBatch?: number | undefined;
  };
}

export type Say = (field: string, message: string) => void;

/** What a family of models says of itself: the recipes it takes, and what they mean. */
export interface FamilyDefinition<Recipe extends AnyRecipe> {
  readonly name: Recipe['model']['family'];
  /** All of a recipe of this family. */
  readonly schema: z.ZodType<Recipe> & z.ZodObject;
  /**
   * Fields of `training` that recipes of this family had before they were found to be of no use, with the values that count in the hashes
   * of runs from then.
   */
  readonly retired: Readonly<Record<string, unknown>>;
  /** Says what no single field can say. */
  contradictions(recipe: Recipe, say: Say): void;
  /** What training costs, by arithmetic alone. */
  cost(recipe: Recipe): Promise<Cost>;
}

/** A family as programs meet it that do not know which it is. */
export interface Family<Recipe extends AnyRecipe = AnyRecipe> {
  readonly name: string;
  /** What may be said, for documentation and editors. */
  readonly schema: z.ZodObject;
  readonly retired: Readonly<Record<string, unknown>>;
  /** Reads a recipe of this family, field by field. */
  read(input: unknown): z.ZodSafeParseResult<Recipe>;
  contradictions(recipe: AnyRecipe): RecipeProblem[];
  cost(recipe: AnyRecipe): Promise<Cost>;
}

export function defineFamily<Recipe extends AnyRecipe>(definition: FamilyDefinition<Recipe>): Family<Recipe> {
  const { name, schema, retired } = definition;
  const typed: z.ZodType<Recipe> = schema;
  const isOwn = (recipe: AnyRecipe): recipe is Recipe => recipe.model.family === name;
  const own = (recipe: AnyRecipe): Recipe => {
    if (isOwn(recipe)) return recipe;
    throw new TypeError(`cli: families: expected a recipe of ${name}, found one of ${recipe.model.family}`);
  };
  return {
    name,
    schema,
    retired,
    read: (input) => typed.safeParse(input),
    contradictions(recipe) {
      const problems: RecipeProblem[] = [];
      definition.contradictions(own(recipe), (field, message) => void problems.push({ field, message }));
      return problems;
    },
    cost: async (recipe) => definition.cost(own(recipe)),
  };
}

/** A value in a message, cut where it is long. */
export const show = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};
