import { join } from 'node:path';
import type { Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { integer, noteSeconds } from '../app/numbers.js';
import { checkOutputFolder } from '../app/outputs.js';
import { pitch as pitchValue, pitchFileName } from '../app/values.js';
import { withVoice, type VoiceOptions } from '../pipeline/voice-options.js';

interface ScaleOptions extends VoiceOptions {
  readonly latent: string;
  readonly from?: number;
  readonly to?: number;
  readonly step: number;
  readonly seconds: number;
  readonly out: string;
}

/** `gansynth scale` */
export function scale(program: Command): void {
  const command = withVoice(
    program.command('scale').description("one timbre over the whole range of a model: five octaves for the paper's"),
  )
    .option('--latent <latent>', 'a seed, file.json[:position], or an instrument of the model[:seed]', '0')
    .option('--from <pitch>', 'lowest (default: the lowest the model knows)', pitchValue)
    .option('--to <pitch>', 'highest (default: the highest the model knows)', pitchValue)
    .option('--step <n>', 'semitones from note to note', integer({ from: 1, to: 127 }), 1)
    .option('--seconds <n>', 'of each note in scale.wav', noteSeconds, 0.5)
    .option('-o, --out <folder>', 'where the notes and scale.wav go', 'scale');
  perform<ScaleOptions>(command, run);
  examples(command, [['gansynth scale --latent 7 --step 12', 'One timbre in octaves']]);
}

async function run(context: Context, options: ScaleOptions): Promise<Result> {
  const { useVoice } = await import('../pipeline/voice-options.js');
  const { latentNamed } = await import('../pipeline/latents.js');
  const { inARow } = await import('../audio/in-a-row.js');
  const { writeWav } = await import('../audio/write-wav.js');
  const { UsageError } = await import('../app/errors.js');
  checkOutputFolder(options.out);
  return useVoice(context, options, async (voice) => {
    const latent = latentNamed(options.latent, voice);
    const [low, high] = [options.from ?? voice.pitches[0]!, options.to ?? voice.pitches.at(-1)!];
    if (high < low) throw new UsageError(`scale: expected --from at or below --to, found ${low} and ${high}.`, [low, high]);
    const pitches = Array.from({ length: Math.floor((high - low) / options.step) + 1 }, (_, i) => low + i * options.step);
    const each = Math.min(Math.round(options.seconds * voice.sampleRate), voice.samples);
    const notes: Float32Array[] = [];
    const files: string[] = [];
    const progress = context.progress.start('scale', pitches.length);
    for await (const audio of voice.notes(pitches, { latent, signal: context.signal })) {
      const pitch = pitches[files.length]!;
      const file = join(options.out, `${String(pitch).padStart(3, '0')}-${pitchFileName(pitch)}.wav`);
      await writeWav(file, audio, voice.sampleRate);
      notes.push(audio);
      files.push(file);
      context.keeps(`${files.length} of ${pitches.length} notes are in ${options.out}.`);
      progress.update(files.length);
    }
    const whole = join(options.out, 'scale.wav');
    await writeWav(whole, inARow(notes, each), voice.sampleRate);
    progress.finish(`${files.length} notes`);
    return { data: { model: voice.source, pitches, files, whole }, text: [...files, whole].join('\n') };
  });
}
