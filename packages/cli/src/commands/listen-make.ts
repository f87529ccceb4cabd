import { join } from 'node:path';
import type { Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { integer, noteSeconds, seed } from '../app/numbers.js';
import { checkOutputFolder } from '../app/outputs.js';
import { pitches } from '../app/values.js';
import type { MadeTest } from '../listening/make-test.js';
import { shardOption, theShare, type ShardOptions } from '../shares/shard-option.js';
import { withBackend, type BackendOptions } from '../backend/options.js';

interface MakeOptions extends BackendOptions, ShardOptions {
  readonly models: string;
  readonly runs: string;
  readonly to: string;
  readonly pitches?: number[];
  readonly notes: number;
  readonly comparisons: number;
  readonly judgements: number;
  readonly each: number;
  readonly catches: number;
  readonly seconds?: number;
  readonly seed: number;
}

/** `gansynth listen make` */
export function make(group: Command): void {
  const command = withBackend(group.command('make'))
    .description('pairs of notes of the same pitch, equally loud, and a page that plays them and asks')
    .requiredOption(
      '--models <sources>',
      'what is compared, as name=where with commas between: models as --model of other commands takes them, or collections of notes (real=my-notes)',
    )
    .option('--runs <folder>', 'where runs are kept', 'runs')
    .option('--to <folder>', 'where the test goes', 'listening-test')
    .option('-p, --pitches <list>', 'of the notes (default: 12 of those that all have, evenly spread)', pitches)
    .option('--notes <n>', 'notes of each model', integer({ from: 1, to: 100_000 }), 24)
    .option(
      '--comparisons <n>',
      'of every two models, an even number; the paper had 100',
      integer({ from: 2, to: 1_000_000 }),
      100,
    )
    .option(
      '--judgements <n>',
      'listeners that hear each pair; two or more tell whether they agree',
      integer({ from: 1, to: 1000 }),
      1,
    )
    .option('--each <n>', 'pairs that one listener is asked about, at most', integer({ from: 1, to: 100_000 }), 50)
    .option('--catches <n>', 'further pairs for each listener whose right answer is known', integer({ from: 0, to: 1000 }), 4)
    .option('--seconds <n>', 'of each note (default: the shortest one)', noteSeconds)
    .option('--seed <n>', 'of notes, pairs and sides', seed, 0)
    .addOption(shardOption("render only every n-th of the models' notes, from the i-th; the last share makes the test"));
  perform<MakeOptions>(command, run);
  examples(command, [
    ['gansynth listen make --models mini,real=my-notes --comparisons 50', 'The shipped model against real notes'],
    [
      'gansynth listen make --models if=runs/if-3f2a,wavegan=runs/wavegan-77c0,real=notes --judgements 2 --to test',
      'Three, each pair heard by two',
    ],
    ['gansynth listen make --models a=runs/a,b=runs/b --notes 1000 --shard 0/4', "The first of four machines' part"],
  ]);
}

async function run(context: Context, options: MakeOptions): Promise<Result> {
  const { closeSources, commonPitches, openSources, spread } = await import('../pipeline/note-sources.js');
  const { sourceNames } = await import('../pipeline/source-names.js');
  const { makeTest } = await import('../listening/make-test.js');
  const { readKey } = await import('../listening/key.js');
  const { shareNotes } = await import('../listening/share-notes.js');
  const { describeMissing, nameOfShare } = await import('../shares/describe-share.js');
  const share = theShare(options);
  checkOutputFolder(options.to, '--to');
  const names = sourceNames(options.models);
  const sources = await openSources(names, context, options);
  try {
    const common = commonPitches(sources, options.pitches);
    const chosen = options.pitches ?? spread(common, Math.min(12, options.notes));
    const wanted = Array.from({ length: options.notes }, (_, i) => chosen[i % chosen.length]!);
    const { comparisons, judgements, catches, seconds, seed } = options;
    const asked = ((names.length * (names.length - 1)) / 2) * comparisons * judgements;
    const listeners = Math.max(judgements, Math.ceil(asked / options.each));
    const how = { pitches: wanted, comparisons, judgements, listeners, catches, seconds, seed };
    if (share.of === 1) return described(await makeTest(options.to, sources, how, context), options.to);
    const work = {
      models: sources.map(({ name, checksum }) => `${name} ${checksum}`).join(', '),
      ...Object.fromEntries(Object.entries(how).map(([name, value]) => [name, JSON.stringify(value) ?? ''])),
    };
    const shared = await shareNotes(options.to, sources, how, share, work, context);
    if (shared.isMade) {
      // Whoever made it may have been ended before.
      await shared.clear();
      return described({ key: readKey(options.to), quieter: [] }, options.to);
    }
    if (shared.missing.length > 0) {
      const waits = describeMissing(shared.missing, share, `${options.to} becomes a test`);
      const data = { folder: options.to, share, missing: shared.missing };
      return { data, text: `${nameOfShare(share)} is done; ${waits}` };
    }
    const made = await makeTest(options.to, shared.sources, how, context);
    await shared.clear();
    return described(made, options.to);
  } finally {
    await closeSources(sources);
  }
}

function described({ key, quieter }: MadeTest, to: string): Result {
  const page = join(to, 'page', 'index.html');
  const { id, pairs, sheets, models, loudness } = key;
  const listeners = sheets.length;
  const lines = [
    `${pairs.length} pairs of ${models.length} models for ${listeners} ${listeners === 1 ? 'listener' : 'listeners'}, ${sheets[0]!.length} each; ${loudness.toFixed(1)} LUFS`,
    ...(quieter.length === 0 ? [] : [`quieter than the others, for want of room or sound: ${quieter.join(', ')}`]),
    `page:   ${page} (opens from disk; or: gansynth listen serve ${to})`,
    `scores: gansynth listen score ${to}`,
  ];
  return {
    data: { test: id, folder: to, page, pairs: pairs.length, sheets: sheets.length, loudness, quieter },
    text: lines.join('\n'),
  };
}
