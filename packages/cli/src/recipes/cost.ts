import type { Cost } from '../families/cost.js';
import { familyOf, type Recipe } from '../families/index.js';

export type { Cost, StageCost } from '../families/cost.js';

/** What a recipe costs to train, by arithmetic alone. */
export const costOf = (recipe: Recipe): Promise<Cost> => familyOf(recipe).cost(recipe);

/**
 * How much of a training is done after so many examples, in a unit of work of equal cost: images of a late stage cost a thousand times those
 * of an early one. Each example has a share besides its arithmetic, since the smallest take their time too.
 */
export async function workOf(recipe: Recipe): Promise<(examples: number) => number> {
  const { stages, flop: total } = await costOf(recipe);
  const floor = total / 200 / familyOf(recipe).total(recipe);
  return (examples) => {
    let [left, work] = [examples, 0];
    for (const stage of stages) {
      const some = Math.min(left, stage.examples);
      work += some * (floor + stage.flop / Math.max(1, stage.examples));
      left -= some;
    }
    return work;
  };
}
