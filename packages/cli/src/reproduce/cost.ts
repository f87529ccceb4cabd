import { costOf as costOfRecipe } from '../recipes/cost.js';
import type { Row } from './rows.js';
import type { Scale } from './scales.js';
import { jobsOf } from './jobs.js';

/** What the trainings of a comparison cost, in a sentence. */
export async function costOf(scale: Scale, recipes: string, rows: readonly Row[], seeds: number): Promise<string> {
  let flop = 0;
  for (const { recipe } of jobsOf(recipes, rows, [0])) flop += (await costOfRecipe(recipe)).flop;
  const days = (seeds * flop) / 1e14 / 86_400;
  return (
    `--scale ${scale.name}: ${rows.length} ${rows.length === 1 ? 'row' : 'rows'}, ${seeds} ${seeds === 1 ? 'training' : 'trainings'} each, are ${(seeds * flop).toPrecision(3)} FLOP: ` +
    `${days.toPrecision(3)} days of a device that does 100 TFLOP/s of this arithmetic, if nothing else took time.`
  );
}
