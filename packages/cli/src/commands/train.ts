import type { Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { duration } from '../app/progress.js';
import { integer, seed } from '../app/numbers.js';
import { withTraining, type TrainingOptions } from '../training/options.js';

interface TrainCommandOptions extends TrainingOptions {
  readonly images?: number;
  readonly seed?: number;
}

/** `gansynth train` */
export function train(program: Command): void {
  const command = withTraining(program.command('train').argument('<recipe>', 'file or shipped name (gansynth recipes list)'))
    .description('train a recipe; the same command again goes on where it stopped')
    .option('--seed <n>', "another seed than the recipe's: another run", seed)
    .option(
      '--images <n>',
      "another length than the recipe's, in images (clips, where it trains on sounds): another run",
      integer({ from: 1, to: Number.MAX_SAFE_INTEGER }),
    );
  perform<TrainCommandOptions>(command, run, { savesWhenStopped: true });
  examples(command, [
    ['gansynth train mini/quick --data my-notes', 'A small model on two cores'],
    ['gansynth train mini/quick --data my-notes --minutes 30', 'Half an hour now, the rest another time'],
    ['gansynth train paper/if-mel-h --data nsynth/nsynth-train --backend tensorflow', "The paper's best row on a GPU"],
  ]);
}

async function run(context: Context, options: TrainCommandOptions, name: string): Promise<Result> {
  const { loadRecipe } = await import('../recipes/library.js');
  const { parseRecipe } = await import('../recipes/parse.js');
  const { openRun } = await import('../runs/run.js');
  const { familyOf } = await import('../families/index.js');
  const shipped = loadRecipe(name);
  const { length } = familyOf(shipped);
  const recipe = parseRecipe({
    ...shipped,
    seed: options.seed ?? shipped.seed,
    training: { ...shipped.training, ...(options.images === undefined ? {} : { [length.name]: options.images }) },
  });
  const opened = await openRun(options.runs, recipe);
  try {
    const { startBackend } = await import('../backend/options.js');
    const { trainRun } = await import('../training/train-run.js');
    const backend = await startBackend(context, options);
    const trained = await trainRun(opened, backend, context, {
      data: options.data,
      limitSeconds: options.minutes === undefined ? undefined : options.minutes * 60,
      cacheBytes: options.cache * 2 ** 20,
    });
    const { folder, done, unit, seconds, finished, model } = trained;
    context.keeps(`${folder}: ${done} ${unit} are saved; the same command goes on.`);
    const state = finished ? 'done' : 'not done: the same command goes on';
    return {
      data: { ...trained, [unit]: done },
      text: `${folder}: ${done} ${unit} in ${duration(seconds)}, ${state}\nmodel: ${model}`,
    };
  } finally {
    opened.lock.release();
  }
}
