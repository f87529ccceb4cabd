import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { integer, list, seed, velocity } from '../app/numbers.js';
import { checkOutputFile, checkOutputFolder } from '../app/outputs.js';
import { pitches, pitchFileName } from '../app/values.js';
import { shardOption, theShare, type ShardOptions } from '../shares/shard-option.js';
import type { WavFormat } from '@gansynth/common/wav';
import type { Voice } from '@gansynth/voice';
import { UsageError } from '../app/errors.js';
import { withVoice, type VoiceOptions } from '../pipeline/voice-options.js';

interface GenerateOptions extends VoiceOptions, ShardOptions {
  readonly pitches?: number[];
  readonly count: number;
  readonly seed: number;
  readonly latents?: string;
  readonly instruments?: string;
  readonly velocities?: number[];
  readonly format: WavFormat;
  readonly batch?: number;
  readonly out: string;
  readonly row?: string;
}

/** Each is kept in memory and in latents.json. */
const mostLatents = 100_000;
const mostNotes = 1_000_000;

/** `gansynth generate` */
export function generate(program: Command): void {
  const command = withVoice(program.command('generate').description('notes from a trained model, as WAV files'))
    .option(
      '-p, --pitches <list>',
      'MIDI numbers or names: 60, C3-C5, C3,E3,G3; all latents at each of them (default: drawn as in training)',
      pitches,
    )
    .option('-n, --count <n>', 'latents (timbres)', integer({ from: 1, to: mostLatents }), 4)
    .option('--seed <n>', 'decides the latents: the same seed, the same sounds, on every backend', seed, 0)
    .option('--latents <file>', 'take latents from a file that an earlier command wrote, instead of drawing them')
    .option(
      '--instruments <names>',
      'every latent playing each of these, if the model tells instruments apart: flute,oboe or all',
    )
    .option(
      '--velocities <list>',
      'every note struck so hard, if the model has learned it: 40 or 30,70,110 (MIDI)',
      list(velocity),
    )
    .option(
      '--batch <n>',
      'notes computed at once (default: 16 of a WaveNet; else 4 on a GPU, elsewhere 1, which is as fast)',
      integer({ from: 1, to: 1024 }),
    )
    .addOption(shardOption('make only every n-th note, from the i-th'))
    .addOption(new Option('--format <format>', 'samples in the files').choices(['pcm16', 'float32']).default('pcm16'))
    .option('--row <file>', 'also one WAV file of all notes, a second of each')
    .option('-o, --out <folder>', 'where notes and their latents.json go', 'generated');
  perform<GenerateOptions>(command, run);
  examples(command, [
    ['gansynth generate', 'Four notes of the shipped model'],
    ['gansynth generate --instruments flute,guitar --count 2', 'Two flutes and two guitars'],
    [
      'gansynth generate --model runs/if-mel-3f2a91c0 --pitches C3,E3,G3 --count 8 --seed 7',
      'Eight timbres of a chord from your own run',
    ],
    ['gansynth generate --latents generated/latents.json --pitches 48-72', 'Known timbres at other pitches'],
  ]);
}

const threeDigits = (value: number): string => String(value).padStart(3, '0');

/** Refuses velocities before anything is written, where the model knows none. */
function checkVelocities(
  { velocities }: GenerateOptions,
  { source, velocities: known }: Pick<Voice, 'source' | 'velocities'>,
): void {
  if (velocities === undefined || known.length > 0) return;
  throw new UsageError(
    `--velocities: expected a model that has learned notes of several velocities, found ${source}, which was trained without them. Leave it out.`,
    velocities,
  );
}

async function run(context: Context, options: GenerateOptions): Promise<Result> {
  const { useVoice } = await import('../pipeline/voice-options.js');
  const { readLatents, writeLatents } = await import('../pipeline/latents.js');
  const { inARow } = await import('../audio/in-a-row.js');
  const { writeWav } = await import('../audio/write-wav.js');
  const { instrumentsNamed } = await import('@gansynth/voice');
  const { drawPitches } = await import('@gansynth/models-gan/latents');
  const { openShare } = await import('@gansynth/common/node');
  const { hashOf } = await import('../shares/hash-of.js');
  checkOutputFolder(options.out);
  const { index, of } = theShare(options);
  if (options.row !== undefined) checkOutputFile(options.row, '--row');
  return useVoice(context, options, async (voice) => {
    const { latentSize, sampleRate, source, instruments } = voice;
    const plain =
      options.latents === undefined ? voice.draw(options.count, options.seed) : readLatents(options.latents, latentSize);
    const named = options.instruments === undefined ? [] : instrumentsNamed(options.instruments, instruments);
    const played = named.flatMap((instrument) => plain.map((latent) => ({ latent, instrument })));
    const latents =
      played.length === 0 ? plain : played.map(({ latent, instrument }) => voice.latent(latent, instruments[instrument]));
    checkVelocities(options, voice);
    const velocities = options.velocities ?? [undefined];
    const notes = latents.length * velocities.length * (options.pitches?.length ?? 1);
    if (notes > mostNotes) {
      throw new UsageError(
        `generate: expected at most ${mostNotes} notes at once, found ${notes}: ${latents.length} latents, ${options.pitches?.length ?? 1} pitches, ${velocities.length} velocities. ` +
          'Make them in parts, with other seeds.',
        notes,
      );
    }
    const drawn = drawPitches(latents.length, options.seed, voice.pitches, voice.pitchCounts);
    const all = latents.flatMap((latent, timbre) =>
      (options.pitches ?? [drawn[timbre]!]).flatMap((pitch) =>
        velocities.map((velocity) => ({ latent, timbre, pitch, velocity })),
      ),
    );
    const plan = all.filter((_, i) => i % of === index);
    if (plan.length === 0) {
      throw new UsageError(
        `generate: expected at least as many notes as machines, found ${all.length} notes for ${of} (--shard ${index}/${of}): none is left for ` +
          'this one. Take fewer machines, or make more notes.',
        all.length,
      );
    }
    const work = {
      model: hashOf(voice.manifest),
      pitches: hashOf(options.pitches ?? drawn),
      latents: hashOf([], latents),
      ...(options.velocities && { '--velocities': options.velocities.join() }),
      '--format': options.format,
      '--precision': options.precision ?? 'float32',
    };
    const share = of === 1 ? undefined : await openShare(options.out, { index, of }, work);
    const latentFile = join(options.out, 'latents.json');
    if (share?.files && options.row === undefined && existsSync(latentFile)) {
      const text = `${share.files.join('\n')}\nDone before: share ${index} of ${of}.`;
      return { data: { model: source, sampleRate, files: share.files, latents: latentFile }, text };
    }
    const files: string[] = [];
    const row: Float32Array[] = [];
    const step = context.progress.start('generating', plan.length);
    // First, so that they are there for the notes that are, if the command is stopped.
    await writeLatents(
      latentFile,
      latents,
      `${source}, seed ${options.seed}`,
      played.length === 0 ? undefined : played.map(({ instrument }) => instruments[instrument]!),
    );
    context.keeps(`No note was finished; their latents are in ${latentFile}.`);
    const rendered = voice.notes(
      plan.map(({ pitch }) => pitch),
      {
        latent: plan.map(({ latent }) => latent),
        velocity: plan.map(({ velocity }) => velocity),
        signal: context.signal,
        batchSize: options.batch,
      },
    );
    for await (const audio of rendered) {
      const { timbre, pitch, velocity } = plan[files.length]!;
      const struck = velocity === undefined ? '' : `-v${threeDigits(velocity)}`;
      const file = join(options.out, `timbre-${threeDigits(timbre)}-${threeDigits(pitch)}-${pitchFileName(pitch)}${struck}.wav`);
      await writeWav(file, audio, sampleRate, options.format);
      files.push(file);
      if (options.row !== undefined) row.push(audio);
      context.keeps(`${files.length} of ${plan.length} notes are in ${options.out}, with ${latentFile}.`);
      step.update(files.length, file);
    }
    if (options.row !== undefined) await writeWav(options.row, inARow(row, Math.min(sampleRate, voice.samples)), sampleRate);
    await share?.done(files);
    step.finish(`${files.length} notes`);
    return { data: { model: source, sampleRate, files, latents: latentFile }, text: files.join('\n') };
  });
}
