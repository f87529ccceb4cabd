import { Option, type Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { UsageError } from '../app/errors.js';
import { integer } from '../app/numbers.js';
import { checkOutputFolder } from '../app/outputs.js';
import { startBackend, withBackend, type BackendOptions } from '../backend/options.js';
import { withEngine, type EngineOptions } from '../engines/options.js';
import { refuseEngineOptions } from '../engines/words-again.js';
import { shardOption, theShare, undivided, type ShardOptions } from '../shares/shard-option.js';
import { scaleNames, stageNames, type ScaleName, type StageName } from '../reproduce/scales.js';

interface ReproduceCommandOptions extends BackendOptions, ShardOptions, EngineOptions {
  readonly scale: ScaleName;
  readonly to?: string;
  readonly data?: string;
  readonly soundfont?: string;
  readonly recipes?: string;
  readonly seeds: number;
  readonly seed?: number;
  readonly stage?: StageName;
  readonly count?: number;
  readonly listening?: string;
  readonly yes?: true;
}

/** `gansynth reproduce` */
export function reproduce(program: Command): void {
  const command = withBackend(program.command('reproduce').argument('[row...]', 'rows of the comparison (default: all)'))
    .description(
      "the paper's comparison made anew: trains every row, scores all against the same notes, writes paper.html; the same command goes on",
    )
    .addOption(
      new Option('--scale <scale>', 'seconds a row to see that it runs; hours of two cores; the paper at full size')
        .choices(scaleNames)
        .default('smoke'),
    )
    .option('--to <folder>', 'where it all goes (default: reproduction-<scale>)')
    .option('--data <path>', 'a collection of notes (default: the shipped ones at smoke; notes of a SoundFont at mini)')
    .option(
      '--soundfont <file>',
      "an .sf2 or .sf3 that mini's notes are made from (default: FluidR3_GM.sf2 where Debian puts it)",
    )
    .option('--recipes <folder>', "with the rows' recipes, each named as its row (default: the shipped ones of the scale)")
    .option('--seeds <n>', 'trainings of each row', integer({ from: 1, to: 100 }), 1)
    .option('--seed <n>', 'only the trainings with this seed, 0 to --seeds - 1', integer({ from: 0, to: 99 }))
    .addOption(new Option('--stage <stage>', 'only this part of the work, for schedulers').choices(stageNames))
    .addOption(
      shardOption(
        'with --stage train, only every n-th training, from the i-th, of the rows of seed 0 in the order of the table, then those of seed 1, ...',
      ),
    )
    .option('--count <n>', 'notes to score (default: as many as are held out)', integer({ from: 20, to: 10_000_000 }))
    .option('--listening <file>', 'scores of a listening test of these rows, as listen score -o writes them: figure 2')
    .option('--yes', 'begin although it costs what --scale paper costs');
  withEngine(command);
  command.hook('preAction', checkOptions);
  perform<ReproduceCommandOptions, [string[]]>(command, (context, options, names) => run(command, context, options, names), {
    savesWhenStopped: true,
  });
  examples(command, [
    ['gansynth reproduce', 'All rows in minutes, on the shipped notes: shows that it runs'],
    ['gansynth reproduce --scale mini', 'All rows on notes of a SoundFont, in hours of two cores'],
    ['gansynth reproduce if-mel-h if --scale mini --seeds 2', 'Two rows, two trainings each'],
    [
      'gansynth reproduce --scale mini --stage train --shard 3/13',
      'The fourth of thirteen machines, between --stage prepare and --stage score',
    ],
    [
      'gansynth reproduce --scale paper --data nsynth --yes --engine slurm --gpus 1 --time 24:00:00 --go',
      'All of it as jobs of Slurm, each after those that it needs',
    ],
  ]);
}

/** @throws UsageError where options contradict each other */
function checkOptions(command: Command): void {
  const { seeds, seed, shard, stage, engine } = command.opts<ReproduceCommandOptions>();
  if (seed !== undefined && seed >= seeds) {
    throw new UsageError(`expected a --seed below --seeds, ${seeds}, found ${seed}. Raise --seeds.`, seed);
  }
  if (shard !== undefined && stage !== 'train') {
    throw new UsageError(
      'expected --shard with --stage train, found it without: only trainings are divided. Add --stage train, or take reproduce --engine, which ' +
        'submits all stages.',
      shard,
    );
  }
  if (engine !== undefined && stage !== undefined) {
    throw new UsageError('expected --engine or --stage, found both. Leave --stage out: it submits all of them.', stage);
  }
  if (engine === undefined) refuseEngineOptions(command);
}

async function run(command: Command, context: Context, options: ReproduceCommandOptions, names: string[]): Promise<Result> {
  const { scale: name, to = `reproduction-${name}`, recipes, seeds: count, seed } = options;
  const { chooseRows } = await import('../reproduce/rows.js');
  const { scales } = await import('../reproduce/scales.js');
  const { reproduce: work } = await import('../reproduce/reproduce.js');
  const { isScoredListening } = await import('../listening/score-answers.js');
  const { readJsonOf } = await import('../runs/read-json-of.js');
  const { costOf } = await import('../reproduce/cost.js');
  const { allJobs, jobsOf } = await import('../reproduce/jobs.js');
  const { folders } = await import('../reproduce/folders.js');
  const { checkNotesWanted } = await import('../reproduce/prepare-notes.js');
  const scale =
    recipes === undefined ? scales[name] : { ...scales[name], recipes, caption: `With the recipes of ${recipes}.`, tried: [] };
  const rows = chooseRows(names);
  // An array divides the stage that can be divided; what is done once is done by whoever is told to.
  const share = options.stage === 'train' ? theShare(options) : undivided;
  checkOutputFolder(to);
  const seeds = seed === undefined ? Array.from({ length: count }, (_, i) => i) : [seed];
  const jobs = jobsOf(scale.recipes, rows, seeds);
  if (jobs.length === 0) {
    throw new UsageError(
      `expected trainings with --seed ${seed}, found none: the autoencoder is trained once, with seed 0. Leave --seed out, or name rows of the table too.`,
      seed,
    );
  }
  if (scale.costly) {
    const cost = await costOf(scale, rows, seeds.length);
    if (!options.yes) throw new UsageError(`${cost}Say that it is meant with --yes, or take --scale mini.`);
    context.note(cost);
  }
  if (options.engine !== undefined) {
    const { submitReproduction } = await import('./submit-reproduction.js');
    checkNotesWanted(scale, options);
    return submitReproduction(context, command, { ...options, engine: options.engine }, { names, trainings: jobs.length });
  }
  context.keeps(`What there is, is in ${to}; the same command goes on.`);
  const backend = await startBackend(context, options);
  const { ledger, page, missing } = await work(scale, backend, context, {
    to,
    jobs,
    all: allJobs(scale.recipes, jobs, folders(to)),
    stage: options.stage,
    share,
    data: options.data,
    soundfont: options.soundfont,
    count: options.count,
    listening: options.listening === undefined ? undefined : readJsonOf(options.listening, isScoredListening),
  });
  const open = [...missing.failed, ...missing.notRun].map(({ row, seed: which, why }) => `${row}, seed ${which}: ${why}`);
  if (ledger === null) {
    const done =
      missing.notRun.length > 0
        ? `${to}: the same command goes on with what is not over`
        : `${to}: ${options.stage} is done${open.length > 0 ? '; what is named above has nothing to be scored' : ''}`;
    return { data: { folder: to, stage: options.stage, ...missing }, text: [...open, done].join('\n') };
  }
  const { table } = await import('../app/table.js');
  const { summaryRows } = await import('../reproduce/summary.js');
  return {
    data: { ...ledger, page },
    text: [
      table(summaryRows(ledger.results)),
      '',
      ...open,
      `the comparison: ${page}, what it rests on: ledger.json beside it`,
    ].join('\n'),
  };
}
