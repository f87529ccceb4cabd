import { costOf as costOfRecipe } from '../recipes/cost.js';
import { autoencoder, type Row } from './rows.js';
import type { Scale } from './scales.js';
import { jobsOf } from './jobs.js';

/** What the trainings of a comparison cost, in a sentence. */
export async function costOf(scale: Scale, recipes: string, rows: readonly Row[], seeds: number): Promise<string> {
  let flop = 0;
  for (const { row, recipe } of jobsOf(recipes, rows, [0]))
    flop += (row === autoencoder ? 1 : seeds) * (await costOfRecipe(recipe)).flop;
  const days = flop / 1e14 / 86_400;
  const scored = rows.filter((row) => row !== autoencoder).length;
  const beside = scored < rows.length ? ' and an autoencoder for figure 4' : '';
  return (
    `--scale ${scale.name}: ${scored} ${scored === 1 ? 'row' : 'rows'}, ${seeds} ${seeds === 1 ? 'training' : 'trainings'} each,${beside} are ${flop.toPrecision(3)} FLOP: ` +
    `${days.toPrecision(3)} days of a device that does 100 TFLOP/s of this arithmetic, if nothing else took time.`
  );
}
