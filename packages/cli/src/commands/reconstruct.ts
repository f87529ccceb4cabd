import { basename, extname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { integer, list, real, seed as seedValue } from '../app/numbers.js';
import { distinctNames } from '../app/distinct-names.js';
import { checkOutputFolder } from '../app/outputs.js';
import { withBackend, type BackendOptions } from '../backend/options.js';
import type { EncodedSound } from '../pipeline/embeddings-of-files.js';
import { withPrecision, type PrecisionOptions } from '../pipeline/voice-options.js';

interface ReconstructOptions extends BackendOptions, PrecisionOptions {
  readonly model: string;
  readonly runs: string;
  readonly mix?: number[] | true;
  readonly crossFade?: true;
  readonly stretch: number;
  readonly seed: number;
  readonly batch: number;
  readonly embeddings?: true;
  readonly out: string;
}

/** `gansynth reconstruct <sound...>` */
export function reconstruct(program: Command): void {
  const command = withPrecision(
    withBackend(
      program
        .command('reconstruct')
        .argument('<sound...>', 'WAV, AIFF, FLAC, MP3, Ogg (Vorbis, Opus, FLAC), or frames that an encoder has left (.npy)'),
    ),
  )
    .description('sounds through an NSynth autoencoder: encoded, if you like mixed and stretched, decoded')
    .requiredOption('--model <model>', 'an autoencoder: a run (folder, id or its beginning), a model folder, or a URL')
    .option('--runs <folder>', 'where runs are kept', 'runs')
    .option('--mix [weights]', 'all sounds into one, frame by frame: 0.5,0.5 (default: alike); best of one pitch', list(real()))
    .option('--cross-fade', 'the first sound becomes the second over time')
    .option('--stretch <factor>', 'so many times as long, the pitch as it was', real({ above: 0, to: 1000 }), 1)
    .option('--seed <n>', 'decides what is drawn: the same seed, the same sounds', seedValue, 0)
    .option('--batch <n>', 'sounds decoded side by side', integer({ from: 1, to: 1024 }), 16)
    .option('--embeddings', 'also write the frames, as NumPy reads them (.npy)')
    .option('-o, --out <folder>', 'where the sounds go', 'reconstruction');
  perform<ReconstructOptions, readonly [readonly string[]]>(command, run);
  examples(command, [
    ['gansynth reconstruct flute.wav --model nsynth', 'What an autoencoder makes of a flute'],
    ['gansynth reconstruct flute.wav guitar.wav --mix --model nsynth', 'What lies between two sounds'],
    ['gansynth reconstruct flute.wav --stretch 2 --model models/nsynth', 'Twice as long'],
  ]);
}

async function run(context: Context, options: ReconstructOptions, paths: readonly string[]): Promise<Result> {
  const { startBackend } = await import('../backend/options.js');
  const { openAutoencoder } = await import('../pipeline/open-autoencoder.js');
  const { encodeFile } = await import('../pipeline/embeddings-of-files.js');
  const { decodeEmbeddings } = await import('../pipeline/decode-embeddings.js');
  const { encodeNpy } = await import('@gansynth/model-files');
  const { replaceFile } = await import('@gansynth/common/node');
  const { writeWav } = await import('../audio/write-wav.js');
  const { signal, progress } = context;
  checkOutputFolder(options.out);
  await checkCount(options, paths.length);
  const names = options.mix !== undefined ? ['mix'] : options.crossFade ? ['cross-fade'] : namesOf(paths);
  await checkOverwrites(names, options, paths);
  await startBackend(context, options);
  const autoencoder = await openAutoencoder(options.model, options.runs);
  try {
    const { sampleRate, hop } = autoencoder;
    const encoding = progress.start('encoding', paths.length);
    const encoded: EncodedSound[] = [];
    for (const path of paths) {
      encoded.push(await encodeFile(path, autoencoder, signal));
      encoding.update(encoded.length, path);
    }
    encoding.finish();
    const shaped = await shape(encoded, options, hop);
    const embeddings = shaped.map(({ embedding }) => embedding);
    if (options.embeddings) {
      for (const [i, { shape: sizes, data }] of embeddings.entries())
        await replaceFile(join(options.out, `${names[i]}.npy`), encodeNpy({ shape: sizes, data }));
      context.keeps(`No sound was finished; their frames are in ${options.out}.`);
    }
    const total = embeddings.reduce((sum, { shape: [frames = 0] }) => sum + frames * hop, 0);
    const decoding = progress.start('decoding', total);
    const onSamples = (done: number): void =>
      decoding.update(done, `${(done / sampleRate).toFixed(1)} of ${(total / sampleRate).toFixed(1)} s`);
    const files: string[] = [];
    const begun: string[] = [];
    // A sound has its own seed, whatever is decoded beside it.
    const seed = (index: number): number => options.seed + index;
    for await (const { index, audio, whole } of decodeEmbeddings(autoencoder.model, embeddings, {
      seed,
      batch: options.batch,
      precision: options.precision,
      signal,
      onSampler: (description) => context.progress.note(`drawn with ${description}`),
      onSamples,
    })) {
      const file = join(options.out, `${names[index]}.wav`);
      await writeWav(file, audio.subarray(0, shaped[index]!.samples), sampleRate);
      (whole ? files : begun).push(file);
      const beginnings = begun.length === 0 ? '' : `, and the beginnings of ${begun.length} others`;
      context.keeps(`${files.length} of ${embeddings.length} sounds are in ${options.out}${beginnings}.`);
    }
    decoding.finish(`${files.length} sounds`);
    const sorted = names.map((name) => join(options.out, `${name}.wav`));
    return {
      data: { model: autoencoder.source, sampleRate, files: sorted, frames: embeddings.map(({ shape: [frames] }) => frames) },
      text: sorted.join('\n'),
    };
  } finally {
    autoencoder.model.dispose();
  }
}

/** A sound's name without its ending; numbered where several have it. */
const namesOf = (paths: readonly string[]): string[] => distinctNames(paths.map((path) => basename(path, extname(path))));

async function checkCount({ mix, crossFade }: ReconstructOptions, sounds: number): Promise<void> {
  const { UsageError } = await import('../app/errors.js');
  if (mix !== undefined && crossFade)
    throw new UsageError('reconstruct: expected one of --mix and --cross-fade, found both. Take one of them.', mix);
  if (Array.isArray(mix) && mix.length !== sounds)
    throw new UsageError(
      `reconstruct: expected ${sounds} weights, one a sound, found ${mix.length} (--mix ${mix.join(',')}).`,
      mix,
    );
  if (mix !== undefined && sounds < 2)
    throw new UsageError(`reconstruct: expected two sounds or more to mix, found ${sounds}.`, sounds);
  if (crossFade && sounds !== 2)
    throw new UsageError(`reconstruct: expected two sounds to fade between, found ${sounds}.`, sounds);
}

async function checkOverwrites(
  names: readonly string[],
  { out, embeddings }: ReconstructOptions,
  paths: readonly string[],
): Promise<void> {
  const { UsageError } = await import('../app/errors.js');
  const given = new Set(paths.map((path) => resolve(path)));
  for (const name of names)
    for (const ending of embeddings ? ['wav', 'npy'] : ['wav']) {
      const file = join(out, `${name}.${ending}`);
      if (given.has(resolve(file)))
        throw new UsageError(
          `--out ${out}: expected a folder for new sounds, found that ${file} is one of those given. Name another.`,
          out,
        );
    }
}

/** Mixed or faded into one where that is wanted, then stretched. */
async function shape(
  encoded: readonly EncodedSound[],
  { mix, crossFade, stretch }: ReconstructOptions,
  hop: number,
): Promise<EncodedSound[]> {
  const { crossFadeEmbeddings, mixEmbeddings, stretchEmbedding } = await import('@gansynth/models-wavenet');
  const embeddings = encoded.map(({ embedding }) => embedding);
  const longest = Math.max(...encoded.map(({ samples }) => samples));
  const [first, second] = embeddings;
  const weights = Array.isArray(mix) ? mix : embeddings.map(() => 1 / embeddings.length);
  const joined =
    mix !== undefined
      ? [{ embedding: mixEmbeddings(embeddings, weights), samples: longest }]
      : crossFade && first && second
        ? [{ embedding: crossFadeEmbeddings(first, second), samples: longest }]
        : encoded;
  if (stretch === 1) return [...joined];
  return joined.map(({ embedding, samples }) => {
    const frames = Math.max(1, Math.round((embedding.shape[0] ?? 0) * stretch));
    return { embedding: stretchEmbedding(embedding, frames), samples: Math.min(frames * hop, Math.round(samples * stretch)) };
  });
}
