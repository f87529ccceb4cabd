import { Option, type Command } from 'commander';
import type { ImportProgress, ImportReport } from '@gansynth/nsynth-data';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { integer, real, sampleRate, velocity } from '../app/numbers.js';
import { writeJson } from '../runs/write-json.js';
import { shardOption, theShare, type ShardOptions } from '../shares/shard-option.js';

interface ImportSoundsOptions extends ShardOptions {
  readonly to: string;
  readonly seconds: number;
  readonly rate: number;
  readonly labels?: string;
  readonly middleC?: number;
  readonly minConfidence: number;
  readonly source: 'acoustic' | 'electronic' | 'synthetic';
  readonly velocity: number;
  readonly peak: number | false;
  readonly report?: string;
}

/** `gansynth data import <folder>` */
export function importSounds(group: Command): void {
  const command = group
    .command('import')
    .argument('<folder>', 'sounds: WAV, AIFF, FLAC, MP3, Ogg (Vorbis, Opus, FLAC), in any arrangement of folders')
    .description(
      'make a collection of notes from any folder of sounds\n\nEach file becomes one note: mono, resampled, trimmed, padded, levelled. Its pitch comes from labels.json or labels.csv, ' +
        'or from the file name (C#4, m61, -061-) weighed against what is measured; every file is reported, with the reason where it is refused.',
    )
    .requiredOption('--to <folder>', 'the new collection')
    .option('--seconds <n>', 'length of every note, up to 600', real({ from: 0.001, to: 600 }), 4)
    .option('--rate <hertz>', 'sample rate of the collection, 1000 to 768000', sampleRate, 16_000)
    .option(
      '--labels <file>',
      'a table of pitches and instruments, JSON or CSV (default: labels.json or labels.csv in the folder)',
    )
    .option(
      '--middle-c <octave>',
      'octave that your file names give to MIDI 60 (default: what the sounds bear out, else 4)',
      integer({ from: -5, to: 15 }),
    )
    .option(
      '--min-confidence <n>',
      'a measured pitch less certain than this counts for nothing (0 to 1)',
      real({ from: 0, to: 1 }),
      0.8,
    )
    .addOption(
      new Option('--source <kind>', 'where nothing else says')
        .choices(['acoustic', 'electronic', 'synthetic'])
        .default('acoustic'),
    )
    .option('--velocity <n>', 'where nothing else says', velocity, 100)
    .option('--peak <n>', 'scale every note to this peak, up to 1', real({ from: 0.001, to: 1 }), 0.95)
    .option('--no-peak', 'keep the levels')
    .option('--report <file>', 'write what became of every file, as JSON')
    .addOption(shardOption('listen only to every n-th sound, from the i-th; the last share makes the collection'));
  perform<ImportSoundsOptions>(command, run);
  examples(command, [
    [
      'gansynth data import ~/samples --to my-notes',
      'Then: gansynth data inspect my-notes; gansynth train mini/quick --data my-notes',
    ],
    [
      'gansynth data import ~/samples --to my-notes --seconds 1 --no-peak --report import.json',
      'One-second notes, each as loud as it was',
    ],
    ['gansynth data import ~/samples --to my-notes --shard 0/4', "The first of four machines' part"],
  ]);
}

async function run(context: Context, options: ImportSoundsOptions, folder: string): Promise<Result> {
  const { importFolder, importShare } = await import('@gansynth/nsynth-data');
  const { InputError } = await import('../app/errors.js');
  const { describeMissing, nameOfShare } = await import('../shares/describe-share.js');
  const share = theShare(options);
  const step = context.progress.start('importing', 1);
  const how = {
    to: options.to,
    seconds: options.seconds,
    sampleRate: options.rate,
    minConfidence: options.minConfidence,
    source: options.source,
    velocity: options.velocity,
    peak: options.peak,
    signal: context.signal,
    onProgress: ({ type, file, done, total }: ImportProgress) =>
      step.update(share.of > 1 ? done / total : (done / total + (type === 'listening' ? 0 : 1)) / 2, file),
    ...(options.labels === undefined ? {} : { sidecar: options.labels }),
    ...(options.middleC === undefined ? {} : { middleC: options.middleC }),
  };
  const { missing, report, sounds } =
    share.of === 1
      ? { missing: [], report: await importFolder(folder, how), sounds: 0 }
      : await importShare(folder, { ...how, share });
  if (report === undefined) {
    step.finish(`${sounds} sounds`);
    const waits = describeMissing(missing, share, `${options.to} becomes a collection`);
    return { data: { folder: options.to, share, sounds, missing }, text: `${nameOfShare(share)}: ${sounds} sounds; ${waits}` };
  }
  step.finish(`${report.imported} notes`);
  if (options.report !== undefined) await writeJson(options.report, report);
  if (report.imported === 0) {
    const refused = report.files.flatMap((entry) => (entry.status === 'refused' ? [`  ${entry.file}: ${entry.reason}`] : []));
    throw new InputError(
      `${folder}: expected sounds, found none that could become a note.\n${refused.slice(0, 20).join('\n')}`,
      report,
    );
  }
  return { data: report, text: summary(report, options) };
}

/** What became of the folder, for a person. */
function summary(report: ImportReport, { to, peak }: Pick<ImportSoundsOptions, 'to' | 'peak'>): string {
  const notes = report.files.filter((entry) => entry.status === 'imported');
  const measured = notes.filter((entry) => entry.pitchFrom === 'measured').length;
  const lines = [`${to}: ${report.imported} notes, ${measured} of them with a measured pitch`];
  const peaks = notes.map((entry) => entry.peak).sort((a, b) => a - b);
  if (peak !== false)
    lines.push(
      `every note has a peak of ${peak}: the sounds had ${(peaks[0] ?? 0).toFixed(2)} to ${(peaks.at(-1) ?? 0).toFixed(2)} (--no-peak keeps the levels)`,
    );
  lines.push(...report.warnings);
  if (report.middleC !== undefined) lines.push('(--middle-c <octave> says how the names are to be read)');
  const doubtful = notes.flatMap((entry) => entry.warnings.map((warning) => `  ${entry.file}: ${warning}`));
  if (doubtful.length > 0) lines.push(`${doubtful.length} pitches in doubt:`, ...doubtful);
  const refused = report.files.flatMap((entry) => (entry.status === 'refused' ? [`  ${entry.file}: ${entry.reason}`] : []));
  if (refused.length > 0) lines.push(`${report.refused} files refused:`, ...refused);
  return lines.join('\n');
}
