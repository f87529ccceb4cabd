import { Option, type Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { count, positive, real, whole } from '../app/values.js';
import { writeJson } from '../runs/atomic.js';

interface ImportSoundsOptions {
  readonly to: string;
  readonly seconds: number;
  readonly rate: number;
  readonly labels?: string;
  readonly middleC: number;
  readonly minConfidence: number;
  readonly source: 'acoustic' | 'electronic' | 'synthetic';
  readonly velocity: number;
  readonly peak?: number;
  readonly report?: string;
}

/** `gansynth data import <folder>` */
export function importSounds(group: Command): void {
  const command = group
    .command('import')
    .argument('<folder>', 'sounds: wav, aiff, flac, mp3, ogg, in any arrangement of folders')
    .description(
      'make a collection of notes from any folder of sounds\n\nEach file becomes one note: mono, resampled, trimmed, padded. Its pitch comes from labels.json or labels.csv, ' +
        'from the file name (C#4, m61, -061-), or is measured; every file is reported, with the reason where it is refused.',
    )
    .requiredOption('--to <folder>', 'the new collection')
    .option('--seconds <n>', 'length of every note', positive, 4)
    .option('--rate <hertz>', 'sample rate of the collection', count, 16_000)
    .option(
      '--labels <file>',
      'a table of pitches and instruments, JSON or CSV (default: labels.json or labels.csv in the folder)',
    )
    .option('--middle-c <octave>', 'octave that your file names give to MIDI 60', real, 4)
    .option('--min-confidence <n>', 'a measured pitch less certain than this is refused (0 to 1)', real, 0.8)
    .addOption(
      new Option('--source <kind>', 'where nothing else says')
        .choices(['acoustic', 'electronic', 'synthetic'])
        .default('acoustic'),
    )
    .option('--velocity <n>', 'where nothing else says', whole, 100)
    .option('--peak <n>', 'scale every note to this peak, up to 1 (default: levels stay)', positive)
    .option('--report <file>', 'write what became of every file, as JSON');
  perform<ImportSoundsOptions>(command, run);
  examples(command, [
    [
      'gansynth data import ~/samples --to my-notes',
      'Then: gansynth data inspect my-notes; gansynth train mini/if-mel --data my-notes',
    ],
    [
      'gansynth data import ~/samples --to my-notes --seconds 1 --peak 0.95 --report import.json',
      'One-second notes of equal level',
    ],
  ]);
}

async function run(context: Context, options: ImportSoundsOptions, folder: string): Promise<Result> {
  const { importFolder } = await import('@gansynth/nsynth-data');
  const { InputError } = await import('../app/errors.js');
  const step = context.progress.start('importing', 1);
  const report = await importFolder(folder, {
    to: options.to,
    seconds: options.seconds,
    sampleRate: options.rate,
    middleC: options.middleC,
    minConfidence: options.minConfidence,
    source: options.source,
    velocity: options.velocity,
    peak: options.peak ?? false,
    signal: context.signal,
    onProgress: ({ file, done, total }) => step.update(done / total, file),
    ...(options.labels === undefined ? {} : { sidecar: options.labels }),
  });
  step.finish(`${report.imported} notes`);
  if (options.report !== undefined) writeJson(options.report, report);
  const refused = report.files.flatMap((entry) => (entry.status === 'refused' ? [`  ${entry.file}: ${entry.reason}`] : []));
  if (report.imported === 0) {
    throw new InputError(
      `${folder}: expected sounds, found none that could become a note.\n${refused.slice(0, 20).join('\n')}`,
      report,
    );
  }
  const measured = report.files.filter((entry) => entry.status === 'imported' && entry.pitchFrom === 'measured').length;
  const lines = [`${options.to}: ${report.imported} notes, ${measured} of them with a measured pitch`];
  if (refused.length > 0) lines.push(`${report.refused} files refused:`, ...refused);
  return { data: report, text: lines.join('\n') };
}
