import { Option, type Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { duration } from '../app/progress.js';
import type { Choice } from '../backend/choose.js';
import { InterruptedError } from '../app/errors.js';
import { integer, seed } from '../app/numbers.js';
import { withTraining, type TrainingOptions } from '../training/options.js';

interface TrainCommandOptions extends TrainingOptions {
  readonly images?: number;
  readonly seed?: number;
  readonly microBatch?: number;
  readonly wire: 'float32' | 'float16';
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
  command.option(
    '--micro-batch <n>',
    "examples computed at a time, of a batch, instead of the recipe's: less memory; what several processes (mpirun) share",
    integer({ from: 1, to: 2 ** 20 }),
  );
  command.addOption(
    new Option('--wire <type>', 'how gradients travel between processes (mpirun); float16: half the traffic, other rounding')
      .choices(['float32', 'float16'])
      .default('float32'),
  );
  perform<TrainCommandOptions>(command, run, { savesWhenStopped: true, isOneInMpi: true });
  examples(command, [
    ['gansynth train mini/quick --data my-notes', 'A small model on two cores'],
    ['gansynth train mini/quick --data my-notes --minutes 30', 'Half an hour now, the rest another time'],
    ['gansynth train paper/if-mel-h --data nsynth/nsynth-train --backend tensorflow', "The paper's best row on a GPU"],
    [
      'mpirun -n 4 gansynth train paper/wavenet-8bit --micro-batch 8 --data nsynth/nsynth-train',
      'On four GPUs, of one machine or more',
    ],
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
    training: {
      ...shipped.training,
      ...(options.images === undefined ? {} : { [length.name]: options.images }),
      ...(options.microBatch === undefined ? {} : { microBatch: options.microBatch }),
    },
  });
  const { checkShares, joinProcesses, shareMachine, threadsFor } = await import('../training/processes.js');
  const processes = await joinProcesses({ wire: options.wire });
  if (processes) {
    checkShares(recipe, processes);
    shareMachine(processes);
  }
  const { startBackend } = await import('../backend/options.js');
  const start = (): Promise<Choice> => startBackend(context, options, processes && threadsFor(processes));
  const { runs, data, cache, minutes } = options;
  const reading = { data, cacheBytes: cache * 2 ** 20 };
  if (processes && processes.rank > 0) {
    const { trainAlong } = await import('../training/train-along.js');
    await start();
    await trainAlong(recipe, processes, context, { runs, ...reading });
    await processes.close();
    return { data: null };
  }
  const { trainRun } = await import('../training/train-run.js');
  const opened = await openRun(runs, recipe);
  try {
    const limitSeconds = minutes === undefined ? undefined : minutes * 60;
    const trained = await trainRun(opened, await start(), context, { ...reading, limitSeconds, processes });
    await processes?.close();
    const { folder, done, unit, seconds, finished, ended, model } = trained;
    context.keeps(`${folder}: ${done} ${unit} are saved; the same command goes on.`);
    if (ended === 'aborted' && !context.signal.aborted) {
      throw new InterruptedError(
        `Stopped, as one of the processes was asked to. ${folder}: ${done} ${unit} are saved; the same command goes on.`,
      );
    }
    const state = finished ? 'done' : 'not done: the same command goes on';
    return {
      data: { ...trained, [unit]: done },
      text: `${folder}: ${done} ${unit} in ${duration(seconds)}, ${state}\nmodel: ${model}`,
    };
  } finally {
    opened.lock.release();
  }
}
