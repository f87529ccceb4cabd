import type { Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { integer, noteSeconds, seed } from '../app/numbers.js';
import { checkOutputFolder } from '../app/outputs.js';
import { pitches } from '../app/values.js';
import { soundFile } from '../audio/sound-file.js';
import { withVoice, type VoiceOptions } from '../pipeline/voice-options.js';
import type { InterpolationFiles } from '../pipeline/interpolation-files.js';
import type { Autoencoder } from '../pipeline/open-autoencoder.js';
import type { Ends } from '../pipeline/interpolation-rows.js';

interface InterpolateOptions extends VoiceOptions {
  readonly from: string;
  readonly to: string;
  readonly steps: number;
  readonly pitches: number[];
  readonly wave?: true;
  readonly wavenet?: string;
  readonly seed: number;
  readonly batch: number;
  readonly seconds: number;
  readonly out: string;
}

/** `gansynth interpolate` */
export function interpolate(program: Command): void {
  const ends = 'a seed, file.json[:position], or an instrument of the model[:seed]; with --wavenet or --wave also a sound';
  const command = withVoice(
    program
      .command('interpolate')
      .description('from one timbre to another: through the latent space, through the air, through an autoencoder (figure 4)'),
  )
    .option('--from <latent>', ends, '0')
    .option('--to <latent>', 'likewise', '1')
    .option('--steps <n>', 'notes from the first to the last, both included', integer({ from: 1, to: 10_000 }), 7)
    .option('-p, --pitches <list>', 'one pitch, or many', pitches, [60])
    .option('--wave', 'also mix the two end notes as waves: the comparison of figure 4')
    .option(
      '--wavenet <model>',
      'also mix them as an NSynth autoencoder has them, frame by frame: a run, a model folder, or a URL; slow',
    )
    .option('--seed <n>', 'decides what the autoencoder draws', seed, 0)
    .option('--batch <n>', 'notes that the autoencoder decodes side by side', integer({ from: 1, to: 1024 }), 16)
    .option('--seconds <n>', 'of each note in the file that joins those of a pitch', noteSeconds, 1)
    .option('-o, --out <folder>', 'where the notes go, and a file of all of a pitch in a row', 'interpolation');
  perform<InterpolateOptions>(command, run);
  examples(command, [
    ['gansynth interpolate --from 3 --to 9 --steps 11', 'Eleven notes between two timbres'],
    [
      'gansynth interpolate --from generated/latents.json:0 --to generated/latents.json:2 --pitches C3,C4 --wave',
      'Latents you kept, with the wave-domain mix beside',
    ],
    ['gansynth interpolate --wave --wavenet models/nsynth', 'All three rows of figure 4'],
    ['gansynth interpolate --from flute.wav --to guitar.wav --wavenet models/nsynth', 'Between two recordings of one pitch'],
  ]);
}

async function run(context: Context, options: InterpolateOptions): Promise<Result> {
  const { InterpolationFiles } = await import('../pipeline/interpolation-files.js');
  const { UsageError } = await import('../app/errors.js');
  checkOutputFolder(options.out);
  const { from, to, steps, wave, wavenet, seconds } = options;
  const sounds = [from, to].filter((end) => soundFile.test(end)).length;
  if (sounds === 1)
    throw new UsageError(`interpolate: expected two sounds or two latents, found one of each: --from ${from}, --to ${to}.`, [
      from,
      to,
    ]);
  const kinds = [
    ...(sounds === 0 ? ['latent'] : []),
    ...(wave ? ['wave'] : []),
    ...(wavenet === undefined ? [] : ['autoencoder']),
  ];
  if (kinds.length === 0)
    throw new UsageError(
      'interpolate: expected a way from one sound to another, found none. Name an autoencoder (--wavenet <model>), mix them as waves (--wave), or ' +
        'find their latents first: gansynth project.',
      from,
    );
  const total = steps * kinds.length * (sounds === 0 ? options.pitches.length : 1);
  const files = new InterpolationFiles(options.out, { total, seconds, keeps: context.keeps });
  const fractions = Array.from({ length: steps }, (_, i) => (steps === 1 ? 0 : i / (steps - 1)));
  const source =
    sounds === 0
      ? await ofLatents(context, options, fractions, files, kinds)
      : await ofSounds(context, options, fractions, files);
  return {
    data: { model: source, fractions, files: files.files, wholes: files.wholes },
    text: [...files.files, ...files.wholes].join('\n'),
  };
}

/** Notes of a model. @returns where it came from */
async function ofLatents(
  context: Context,
  options: InterpolateOptions,
  fractions: readonly number[],
  files: InterpolationFiles,
  kinds: readonly string[],
): Promise<string> {
  const { useVoice } = await import('../pipeline/voice-options.js');
  const { checkSampleRate } = await import('../pipeline/autoencoder-rows.js');
  const { latentRows, waveRow } = await import('../pipeline/interpolation-rows.js');
  const { from, to, pitches: wanted } = options;
  // With an autoencoder it is that which draws.
  const { precision, ...others } = options;
  const ofVoice = precision === undefined || options.wavenet !== undefined ? others : { ...others, precision };
  return useVoice(context, ofVoice, async (voice) =>
    withAutoencoder(options, async (mixEncoded, autoencoder) => {
      // Before anything slow.
      if (autoencoder) checkSampleRate(autoencoder, voice.sampleRate);
      const kind = kinds.length === 1 ? '' : 'latent';
      const ends = await latentRows(voice, { from, to, pitches: wanted, fractions }, files, kind, context);
      if (options.wave) for (const two of ends) await waveRow(two, fractions, files, context.signal);
      await mixEncoded?.(ends, fractions, files, context);
      return voice.source;
    }),
  );
}

/** Recordings. */
async function ofSounds(
  context: Context,
  options: InterpolateOptions,
  fractions: readonly number[],
  files: InterpolationFiles,
): Promise<null> {
  const { readSound } = await import('@gansynth/nsynth-data');
  const { startBackend } = await import('../backend/options.js');
  const { waveRow } = await import('../pipeline/interpolation-rows.js');
  if (options.wavenet !== undefined) await startBackend(context, options);
  return withAutoencoder(options, async (mixEncoded, autoencoder) => {
    const { samples: first, sampleRate } = await readSound(
      options.from,
      autoencoder === undefined ? {} : { sampleRate: autoencoder.sampleRate },
    );
    const { samples: last } = await readSound(options.to, { sampleRate });
    const ends = { label: '', first, last, sampleRate };
    if (options.wave) await waveRow(ends, fractions, files, context.signal);
    await mixEncoded?.([ends], fractions, files, context);
    return null;
  });
}

type MixEncoded = (
  ends: readonly Ends[],
  fractions: readonly number[],
  files: InterpolationFiles,
  context: Context,
) => Promise<void>;

/** Opens the autoencoder, if one is named, before anything slow, and frees it at the end. */
async function withAutoencoder<Value>(
  { wavenet, runs, seed: drawn, batch, precision }: InterpolateOptions,
  work: (mixEncoded: MixEncoded | undefined, autoencoder: Autoencoder | undefined) => Promise<Value>,
): Promise<Value> {
  if (wavenet === undefined) return work(undefined, undefined);
  const { openAutoencoder } = await import('../pipeline/open-autoencoder.js');
  const { autoencoderRows } = await import('../pipeline/autoencoder-rows.js');
  const autoencoder = await openAutoencoder(wavenet, runs);
  try {
    return await work(
      (ends, fractions, files, context) =>
        autoencoderRows(autoencoder, ends, { fractions, seed: drawn, batch, precision }, files, context),
      autoencoder,
    );
  } finally {
    autoencoder.model.dispose();
  }
}
