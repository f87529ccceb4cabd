import { Option, type Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { integer } from '../app/numbers.js';
import { checkOutputFolder } from '../app/outputs.js';

interface ImportOptions {
  readonly to: string;
  readonly stage?: number;
  readonly weights?: 'averaged' | 'raw';
  readonly part?: 'encoder' | 'decoder';
  readonly recipe?: string;
  readonly licence?: string;
}

/** `gansynth import <checkpoint>` */
export function importModel(program: Command): void {
  const command = program
    .command('import')
    .argument(
      '<checkpoint>',
      'GANSynth: a folder with experiment.json and stage_000NN/ (TensorFlow 1) or weights_manifest.json (Magenta.js); NSynth: the folder of ' +
        'model.ckpt-200000, or any one of its files',
    )
    .description(
      "turn one of Magenta's released checkpoints, of GANSynth or of the NSynth autoencoder, into a model of this program; no TensorFlow, no data set",
    )
    .requiredOption('--to <folder>', 'the new model')
    .option('--stage <n>', 'of a GANSynth checkpoint of TensorFlow (default: the last)', integer({ from: 0, to: 99 }))
    .addOption(
      new Option(
        '--weights <kind>',
        'averaged over time, or as last trained (default: what the original plays with, averaged of GANSynth, raw of NSynth)',
      ).choices(['averaged', 'raw']),
    )
    .addOption(new Option('--part <part>', 'of NSynth: one alone (default: both)').choices(['encoder', 'decoder']))
    .option('--recipe <recipe>', 'of NSynth: sizes, where they are not those of the released checkpoint')
    .option('--licence <text>', 'of the data it was trained on, to be kept with it');
  perform<ImportOptions>(command, run);
  examples(command, [
    [
      'gansynth import acoustic_only --to models/acoustic',
      'The unpacked acoustic_only.zip; then: gansynth generate --model models/acoustic',
    ],
    [
      'gansynth import wavenet-ckpt --to models/nsynth',
      'The unpacked wavenet-ckpt.tar; then: gansynth reconstruct flute.wav --model models/nsynth',
    ],
  ]);
}

async function run({ signal }: Context, options: ImportOptions, at: string): Promise<Result> {
  const { chooseBackend } = await import('../backend/choose.js');
  const { InputError, UsageError } = await import('../app/errors.js');
  const { importGansynth, isGansynth, isOfMagentaJs } = await import('../pipeline/import-gansynth.js');
  checkOutputFolder(options.to, '--to');
  const refuse = (of: string, ...names: readonly (keyof ImportOptions)[]): void => {
    const given = names.find((name) => options[name] !== undefined);
    if (given !== undefined)
      throw new UsageError(
        `import: expected no --${given} for a checkpoint of ${of}, found --${given} ${options[given]}.`,
        given,
      );
  };
  // Nothing is computed but the weights are tensors on their way.
  await chooseBackend('cpu');
  if (isGansynth(at)) {
    refuse('GANSynth', 'part', 'recipe');
    // It has one stage, and averaged weights: these may be asked for.
    if (isOfMagentaJs(at)) refuse('Magenta.js', 'stage', ...(options.weights === 'raw' ? (['weights'] as const) : []));
    return importGansynth(at, { ...options, signal });
  }
  const { findCheckpoint, importNsynth } = await import('../pipeline/import-nsynth.js');
  const checkpoint = findCheckpoint(at);
  if (checkpoint !== undefined) {
    refuse('NSynth', 'stage');
    return importNsynth(checkpoint, { ...options, signal });
  }
  const cure = /\.(tar|tar\.gz|tgz|zip)$/i.test(at)
    ? 'Unpack it first, and name the folder.'
    : 'Name the folder that has it in it.';
  throw new InputError(
    `${at}: expected experiment.json (a TensorFlow checkpoint of GANSynth), weights_manifest.json (Magenta.js), or an .index file (a TensorFlow ` +
      `checkpoint of the NSynth autoencoder), found none of them. ${cure}`,
    at,
  );
}
