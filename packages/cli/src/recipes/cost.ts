import type { Cost } from '../families/family.js';
import { familyOf, type Recipe } from '../families/index.js';

export type { Cost, StageCost } from '../families/family.js';

/** What a recipe costs to train, by arithmetic alone. */
export const costOf = (recipe: Recipe): Promise<Cost> => familyOf(recipe).cost(recipe);

/**
 * How much of a training is done after so many images, in a unit of work of equal cost: images of a late stage cost a thousand times those
 * of an early one. Each image has a share besides its arithmetic, since the smallest take their time too.
 */
export async function workOf(recipe: Recipe): Promise<(images: number) => number> {
  const { stages, flop: total } = await costOf(recipe);
  const floor = total / 200 / recipe.training.totalImages;
  return (images) => {
    let [left, work] = [images, 0];
    for (const stage of stages) {
      const some = Math.min(left, stage.images);
      work += some * (floor + stage.flop / Math.max(1, stage.images));
      left -= some;
    }
    return work;
  };
}
