import type { Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { UsageError } from '../app/errors.js';
import { integer } from '../app/numbers.js';
import { shardOption, theShare, undivided, type ShardOptions } from '../shares/shard-option.js';
import { withTraining, type TrainingOptions } from '../training/options.js';

interface SweepTrainOptions extends TrainingOptions, ShardOptions {
  readonly index?: number;
}

/** `gansynth sweep train` */
export function train(group: Command): void {
  const command = withTraining(group.command('train').argument('<file>', 'the sweep, JSON'))
    .description('train the points in order, each as gansynth train would; the same command goes on where it stopped')
    .option('--index <i>', 'only the i-th point, from 0', integer({ from: 0, to: 9999 }))
    .addOption(shardOption('only every n-th point, from the i-th'));
  command.hook('preAction', checkOptions);
  perform<SweepTrainOptions>(command, run, { savesWhenStopped: true });
  examples(command, [
    ['gansynth sweep train rates.json --data my-notes', 'One after the other'],
    ['gansynth sweep train rates.json --data my-notes --shard 0/4', "The first of four machines' part"],
    ['gansynth sweep train rates.json --data my-notes --index 3', 'One of them'],
  ]);
}

/** @throws UsageError */
function checkOptions(command: Command): void {
  const { index, shard } = command.opts<SweepTrainOptions>();
  if (index === undefined || shard === undefined) return;
  throw new UsageError('expected --index or --shard, found both. Leave out one.', index);
}

async function run(context: Context, options: SweepTrainOptions, file: string): Promise<Result> {
  const { runs, index, data, minutes, cache } = options;
  const { index: first, of } = index === undefined ? theShare(options) : undivided;
  const { planSweep } = await import('../sweeps/plan.js');
  const { points } = await planSweep(file, context.signal);
  if (index !== undefined && index >= points.length) {
    throw new UsageError(`${file}: expected an --index from 0 to ${points.length - 1}, found ${index}.`, index);
  }
  const chosen = points.filter((point) => (index === undefined ? point.index % of === first : point.index === index));
  if (chosen.length === 0) context.note(`share ${first}/${of}: none of the ${points.length} points are in it`);
  context.keeps(`What was trained is in ${runs}; the same command goes on.`);
  const { startBackend } = await import('../backend/options.js');
  const { trainPoints } = await import('../sweeps/train-points.js');
  const { table } = await import('../app/table.js');
  const trained = await trainPoints(chosen, () => startBackend(context, options), context, {
    runs,
    data,
    limitSeconds: minutes === undefined ? undefined : minutes * 60,
    cacheBytes: cache * 2 ** 20,
  });
  const rows = trained.map((one) => [one.index, one.run, one.state, `${one.done} of ${one.total} ${one.unit}`, one.why ?? '']);
  const open = trained.filter(({ state }) => state !== 'finished' && state !== 'diverged').length;
  return {
    data: { points: trained, open },
    text: [
      ...(rows.length === 0 ? [] : [table([['point', 'run', 'state', 'learned from', ''], ...rows]), '']),
      open === 0 ? `done: gansynth sweep table ${file} ranks what is scored` : `${open} not done: the same command goes on`,
    ].join('\n'),
  };
}
