import { costOf as costOfRecipe } from '../recipes/cost.js';
import { autoencoder, type Row } from './rows.js';
import type { Scale } from './scales.js';
import { jobsOf } from './jobs.js';

/** What the trainings of a comparison cost, in a sentence and a list of what each row's does. */
export async function costOf({ name, recipes }: Scale, rows: readonly Row[], seeds: number): Promise<string> {
  const costs: { readonly row: Row; readonly flop: number }[] = [];
  for (const { row, recipe } of jobsOf(recipes, rows, [0])) costs.push({ row, flop: (await costOfRecipe(recipe)).flop });
  const flop = costs.reduce((sum, one) => sum + (one.row === autoencoder ? 1 : seeds) * one.flop, 0);
  const days = flop / 1e14 / 86_400;
  const scored = rows.filter((row) => row !== autoencoder).length;
  const beside = scored < rows.length ? ' and an autoencoder for figure 4' : '';
  return [
    `--scale ${name}: ${scored} ${scored === 1 ? 'row' : 'rows'}, ${seeds} ${seeds === 1 ? 'training' : 'trainings'} each${beside} are ${flop.toPrecision(3)} FLOP: ` +
      `${days.toPrecision(3)} days of a device that does 100 TFLOP/s of this arithmetic, if nothing else took time. One training:`,
    ...costs.map((one) => `  ${one.row.id}: ${one.flop.toPrecision(3)} FLOP`),
    '',
  ].join('\n');
}
