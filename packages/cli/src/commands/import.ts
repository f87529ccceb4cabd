import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { integer } from '../app/numbers.js';

interface ImportOptions {
  readonly to: string;
  readonly stage?: number;
  readonly weights: 'ema' | 'raw';
  readonly licence?: string;
}

/** `gansynth import <checkpoint>` */
export function importModel(program: Command): void {
  const command = program
    .command('import')
    .argument('<folder>', 'experiment.json and stage_000NN/ (TensorFlow 1), or weights_manifest.json (Magenta.js)')
    .description("turn one of Magenta's released GANSynth checkpoints into a model of this program; no TensorFlow, no data set")
    .requiredOption('--to <folder>', 'the new model')
    .option('--stage <n>', 'of a TensorFlow checkpoint (default: the last)', integer({ from: 0, to: 99 }))
    .addOption(
      new Option('--weights <kind>', 'averaged, as the original samples with, or last trained')
        .choices(['ema', 'raw'])
        .default('ema'),
    )
    .option('--licence <text>', 'of the data it was trained on, to be kept with it');
  perform<ImportOptions>(command, run);
  examples(command, [
    [
      'gansynth import acoustic_only --to models/acoustic',
      'The unpacked acoustic_only.zip; then: gansynth generate --model models/acoustic',
    ],
  ]);
}

async function run(_context: Context, options: ImportOptions, at: string): Promise<Result> {
  const { GeneratorModel, saveModel } = await import('@gansynth/models-gan');
  const { loadMagentaCheckpoint, loadMagentaManifest } = await import('@gansynth/models-gan/magenta');
  const { parameterCount } = await import('@gansynth/models-gan/networks');
  const { nsynthPitchCounts } = await import('@gansynth/models-gan/training');
  const { folderFiles, folderSink } = await import('@gansynth/model-files/node');
  const { chooseBackend } = await import('../backend/choose.js');
  const { InputError } = await import('../app/errors.js');
  const isManifest = existsSync(join(at, 'weights_manifest.json'));
  if (!isManifest && !existsSync(join(at, 'experiment.json'))) {
    throw new InputError(
      `${at}: expected experiment.json (a TensorFlow checkpoint of GANSynth) or weights_manifest.json (Magenta.js), found neither. ` +
        'Name the folder that has it in it.',
      at,
    );
  }
  // Nothing is computed but the weights are tensors on their way.
  await chooseBackend('cpu');
  const files = folderFiles(at);
  const stage = options.stage === undefined ? {} : { stage: options.stage };
  const imported = isManifest
    ? await loadMagentaManifest(files)
    : await loadMagentaCheckpoint(files, { weights: options.weights, ...stage });
  const { config, growth, weights, experiment } = imported;
  const model = new GeneratorModel({ config, growth, weights });
  const images = 'images' in imported ? (imported.images as number) : undefined;
  try {
    await saveModel(model, folderSink(options.to), {
      name: `magenta/${at.split(/[/\\]/).findLast((part) => part !== '') ?? 'gansynth'}`,
      description: 'Imported from a GANSynth checkpoint of Magenta.',
      representation: { ...experiment.representation, trim: 'dc', overlap: 0.75 },
      sampleRate: experiment.representation.sampleRate,
      ...(options.licence === undefined ? {} : { licence: options.licence }),
      details: {
        ...(config.pitches.length === nsynthPitchCounts.length ? { pitchCounts: nsynthPitchCounts } : {}),
        ...(images === undefined ? {} : { images }),
      },
    });
  } finally {
    model.dispose();
  }
  const size = [experiment.representation.frames, experiment.representation.bins].join(' x ');
  const parameters = parameterCount('generator', config);
  const text = `${options.to}: ${experiment.representation.kind}, ${size}, ${parameters.toLocaleString('en')} parameters${images === undefined ? '' : `, ${images} images seen`}`;
  return {
    data: {
      model: options.to,
      representation: experiment.representation,
      parameters,
      growth,
      ...(images === undefined ? {} : { images }),
    },
    text,
  };
}
