import { Option, type Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { columns } from '../reports/score-columns.js';

interface TableOptions {
  readonly by?: string;
  readonly runs: string;
}

/** `gansynth sweep table` */
export function table(group: Command): void {
  const command = group
    .command('table')
    .argument('<file>', 'the sweep, JSON')
    .description('the points ranked by a score, from what gansynth evaluate has written so far; what is missing, and why')
    .addOption(
      new Option(
        '--by <score>',
        `what ranks them (default: "rank" of the file, else fid): ${columns.map(({ short, heading }) => `${short}: ${heading}`).join(', ')}`,
      ).choices(columns.map(({ short }) => short)),
    )
    .option('--runs <folder>', 'where the runs are', 'runs');
  perform<TableOptions>(command, run);
  examples(command, [
    ['gansynth sweep table rates.json', 'The best so far'],
    ['gansynth sweep table rates.json --by pa --json', 'By pitch accuracy, for a program'],
  ]);
}

async function run({ signal }: Context, { by, runs }: TableOptions, file: string): Promise<Result> {
  const { table: padded } = await import('../app/table.js');
  const { show } = await import('../families/family.js');
  const { planSweep } = await import('../sweeps/plan.js');
  const { rankPoints } = await import('../sweeps/rank-points.js');
  const { rankSettings } = await import('../sweeps/rank-settings.js');
  const { points, fields, rank } = await planSweep(file, signal);
  const wanted = by ?? rank ?? 'fid';
  const column = columns.find(({ short }) => short === wanted)!;
  const { ranked, missing, ways } = await rankPoints(points, column, runs, signal);
  const others = columns.filter((one) => one !== column);
  const overSeeds = fields.includes('seed') ? rankSettings({ ranked, by: column }) : [];
  const mixed = ways > 1;
  const scored = (conditions: number): string[] => (mixed ? [String.fromCodePoint(97 + conditions)] : []);
  const rows = ranked.map((one, i) => [
    i + 1,
    one.index,
    ...fields.map((field) => show(one.settings[field])),
    one.run,
    column.show(one.score),
    ...others.map(({ short, show: shown }) => (one.scores[short] === undefined ? '-' : shown(one.scores[short]))),
    ...scored(one.conditions),
  ]);
  const headings = [
    'rank',
    'point',
    ...fields,
    'run',
    column.heading,
    ...others.map(({ heading }) => heading),
    ...(mixed ? ['scored'] : []),
  ];
  const settings = fields.filter((field) => field !== 'seed');
  const text = [
    ...(rows.length === 0 ? [] : [padded([headings, ...rows])]),
    ...(mixed
      ? [
          `${ways} ways of scoring (other notes, numbers of notes, seeds or classifiers): ${column.heading} compares only within one`,
        ]
      : []),
    ...(overSeeds.length === 0
      ? []
      : [
          padded([
            [...settings, `mean ${column.heading}`, 'lowest', 'highest', 'seeds', ...(mixed ? ['scored'] : [])],
            ...overSeeds.map((one) => [
              ...settings.map((field) => show(one.settings[field])),
              ...[one.mean, one.lowest, one.highest].map(column.show),
              one.seeds,
              ...scored(one.conditions),
            ]),
          ]),
        ]),
    ...(missing.length === 0 ? [] : [padded(missing.map(({ index, run: id, why }) => [`point ${index}`, id, why]))]),
    `${ranked.length} of ${points.length} points ranked by ${column.heading}: ${column.title}`,
  ];
  return { data: { by: wanted, better: column.better, ranked, overSeeds, missing, ways }, text: text.join('\n\n') };
}
