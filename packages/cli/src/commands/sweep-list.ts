import type { Command } from 'commander';
import { examples, perform } from '../app/command.js';

/** `gansynth sweep list` */
export function list(group: Command): void {
  const command = group
    .command('list')
    .argument('<file>', 'the sweep, JSON')
    .description('every point: its index, what it changes, the id of its run, what it costs; all recipes are checked')
    .option('--runs <folder>', 'where the runs are', 'runs');
  perform<{ runs: string }>(command, async ({ signal }, { runs }, file) => {
    const { join } = await import('node:path');
    const { breathe } = await import('@gansynth/common/breathe');
    const { table } = await import('../app/table.js');
    const { show } = await import('../families/family.js');
    const { costOf } = await import('../recipes/cost.js');
    const { runState } = await import('../runs/run-state.js');
    const { planSweep } = await import('../sweeps/plan.js');
    const { points, fields, recipe } = await planSweep(file, signal);
    const found = [];
    for (const { index, settings, run, recipe: own } of points) {
      await breathe(signal);
      const { flop } = await costOf(own);
      const { state, done, total, unit } = runState(join(runs, run), own);
      found.push({ index, settings, run, flop, state, done, total, unit });
    }
    const flop = found.reduce((sum, one) => sum + one.flop, 0);
    const rows = found.map((one) => [
      one.index,
      ...fields.map((field) => show(one.settings[field])),
      one.run,
      one.flop.toExponential(2),
      one.state === 'unfinished' ? `${one.done} of ${one.total} ${one.unit}` : one.state,
    ]);
    return {
      data: { recipe, fields, points: found, flop },
      text: [
        table([['point', ...fields, 'run', 'FLOP', 'state'], ...rows]),
        '',
        `${points.length} ${points.length === 1 ? 'training' : 'trainings'} of ${recipe}, ${flop.toExponential(2)} FLOP`,
      ].join('\n'),
    };
  });
  examples(command, [['gansynth sweep list rates.json', 'What would be trained, and what it costs']]);
}
