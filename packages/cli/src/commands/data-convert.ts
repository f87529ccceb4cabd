import { join } from 'node:path';
import type { Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { checkOutputFolder } from '../app/outputs.js';
import { shardOption, theShare, type ShardOptions } from '../shares/shard-option.js';

interface ConvertOptions extends ShardOptions {
  readonly to: string;
  readonly skipBad?: true;
}

/** `gansynth data convert <paths...>` */
export function convert(group: Command): void {
  const command = group
    .command('convert')
    .argument('<paths...>', 'collections: folder with examples.json, .tar.gz, .tar, .tfrecord; several become one')
    .description(
      'write collections as one folder of TFRecords, with all labels and audio as floats: what is read fastest in any order, and by other tools',
    )
    .requiredOption('--to <folder>', 'the new collection')
    .option('--skip-bad', 'leave out damaged notes')
    .addOption(shardOption('write only the i-th of n shards'));
  perform<ConvertOptions, readonly (readonly string[])[]>(command, run);
  examples(command, [
    ['gansynth data convert nsynth-train.jsonwav.tar.gz --to nsynth', 'An archive that is slow to read in any order'],
    ['gansynth data convert nsynth-train.jsonwav.tar.gz --to nsynth --shard 2/8', 'The third of eight machines'],
    ['gansynth data convert fluid musescore --to notes', 'The notes of two SoundFonts as one collection'],
  ]);
}

async function run(context: Context, options: ConvertOptions, paths: readonly string[] = []): Promise<Result> {
  const { openShare, rangeOfShare } = await import('@gansynth/common/node');
  const { shardName, writeTFRecord } = await import('@gansynth/nsynth-data');
  const { UsageError } = await import('../app/errors.js');
  const { openJoined } = await import('../pipeline/joined-collections.js');
  const { describeMissing } = await import('../shares/describe-share.js');
  const { to } = options;
  const { signal } = context;
  const share = theShare(options);
  checkOutputFolder(to, '--to');
  const dataset = await openJoined(paths, context, { onBadNote: options.skipBad ? 'skip' : 'stop' });
  try {
    if (dataset.length < share.of) {
      throw new UsageError(
        `${paths.join(', ')}: expected at least as many notes as shards, found ${dataset.length} for ${share.of}. Take fewer shards.`,
        dataset.length,
      );
    }
    const [from, until] = rangeOfShare(share, dataset.length);
    const work = { notes: `${dataset.length} with the checksum ${dataset.fingerprint}` };
    const { files, done, missing } = await openShare(to, share, work);
    const file = join(to, shardName('notes.tfrecord', share));
    let notes = until - from;
    if (files === undefined) {
      const step = context.progress.start(`writing ${file}`, notes);
      notes = await writeTFRecord(file, counted(dataset.notes(from, until, signal), step.update), { signal });
      await done([file]);
      step.finish(`${notes} notes`);
    }
    const open = missing();
    const waits = open.length === 0 ? '' : `; ${describeMissing(open, share, `${to} is whole`)}`;
    const before = files === undefined ? '' : ', as before';
    return { data: { file, share, notes, missing: open }, text: `${file}: ${notes} notes${before}${waits}` };
  } finally {
    await dataset.close();
  }
}

async function* counted<Item>(items: AsyncIterable<Item>, tell: (done: number) => void): AsyncGenerator<Item> {
  let done = 0;
  for await (const item of items) {
    yield item;
    tell(++done);
  }
}
