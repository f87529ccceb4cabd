import type { Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { UsageError } from '../app/errors.js';
import { sha256 } from '../app/values.js';

interface DownloadOptions {
  readonly to: string;
  readonly from?: string;
  readonly sha256?: string;
}

const partNames = [
  ...['train', 'valid', 'test'].flatMap((part) => [`${part}.jsonwav.tar.gz`, `${part}.tfrecord.tar`]),
  'gansynth_splits',
  'instrument_labels',
];

/** `gansynth data download <part>` */
export function download(group: Command): void {
  const command = group
    .command('download')
    .argument('<part>', partNames.join(', '))
    .description('fetch a file of NSynth as published (CC BY 4.0, Google Inc.); the same command goes on where it broke off')
    .option('--to <folder>', 'where the file goes', 'nsynth')
    .option('--from <url>', 'a mirror of the published folder')
    .option(
      '--sha256 <hex>',
      'checksum of the file, for a mirror whose file is another one (default: the published one)',
      sha256,
    );
  perform<DownloadOptions>(command, run);
  examples(command, [
    ['gansynth data download test.jsonwav.tar.gz', 'The small part, about 350 MB'],
    ['gansynth data download gansynth_splits', "GANSynth's own split"],
  ]);
}

async function run(context: Context, { to, from, sha256 }: DownloadOptions, part?: string): Promise<Result> {
  const { downloadNSynth } = await import('@gansynth/nsynth-data');
  const { suggest } = await import('@gansynth/common/suggest');
  if (part === undefined || !partNames.includes(part)) {
    const meant = suggest(part ?? '', partNames);
    throw new UsageError(`Expected one of ${partNames.join(', ')}, found "${part}".${meant ? ` Did you mean ${meant}?` : ''}`);
  }
  const step = context.progress.start(`downloading ${part}`, 1);
  const found = await downloadNSynth(part as Parameters<typeof downloadNSynth>[0], to, {
    ...(from === undefined ? {} : { from }),
    ...(sha256 === undefined ? {} : { sha256 }),
    signal: context.signal,
    onProgress: (event) => {
      if (event.type === 'interrupted')
        step.note(`${event.reason}; going on at ${(event.bytes / 1e6).toFixed(1)} MB in ${event.delay / 1000} s`);
      else if (event.type === 'checking') step.note('checking');
      else step.update(event.total ? event.bytes / event.total : 0, `${(event.bytes / 1e6).toFixed(1)} MB`);
    },
  });
  step.finish(`${(found.bytes / 1e6).toFixed(1)} MB`);
  return { data: found, text: `${found.path}: ${found.bytes} bytes, SHA-256 ${found.sha256}, checked by ${found.checkedBy}` };
}
