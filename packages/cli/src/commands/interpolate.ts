import { join } from 'node:path';
import type { Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { integer, noteSeconds } from '../app/numbers.js';
import { checkOutputFolder } from '../app/outputs.js';
import { pitches, pitchFileName } from '../app/values.js';
import { withVoice, type VoiceOptions } from '../pipeline/voice-options.js';

interface InterpolateOptions extends VoiceOptions {
  readonly from: string;
  readonly to: string;
  readonly steps: number;
  readonly pitches: number[];
  readonly wave?: true;
  readonly seconds: number;
  readonly out: string;
}

/** `gansynth interpolate` */
export function interpolate(program: Command): void {
  const command = withVoice(
    program.command('interpolate').description('from one timbre to another, through the latent space or through the air'),
  )
    .option('--from <latent>', 'a seed, file.json[:position], or an instrument of the model[:seed]', '0')
    .option('--to <latent>', 'a seed, file.json[:position], or an instrument of the model[:seed]', '1')
    .option('--steps <n>', 'notes from the first to the last, both included', integer({ from: 1, to: 10_000 }), 7)
    .option('-p, --pitches <list>', 'one pitch, or many', pitches, [60])
    .option('--wave', 'also mix the two end notes as waves: the comparison of figure 4')
    .option('--seconds <n>', 'of each note in the file that joins those of a pitch', noteSeconds, 1)
    .option('-o, --out <folder>', 'where the notes go, and a file of all of a pitch in a row', 'interpolation');
  perform<InterpolateOptions>(command, run);
  examples(command, [
    ['gansynth interpolate --from 3 --to 9 --steps 11', 'Eleven notes between two timbres'],
    [
      'gansynth interpolate --from generated/latents.json:0 --to generated/latents.json:2 --pitches C3,C4 --wave',
      'Latents you kept, with the wave-domain mix beside',
    ],
  ]);
}

async function run(context: Context, options: InterpolateOptions): Promise<Result> {
  const { useVoice } = await import('../pipeline/voice-options.js');
  const { latentNamed } = await import('../pipeline/latents.js');
  const { inARow } = await import('../audio/in-a-row.js');
  const { writeWav } = await import('../audio/write-wav.js');
  checkOutputFolder(options.out);
  return useVoice(context, options, async (voice) => {
    const [a, b] = [latentNamed(options.from, voice), latentNamed(options.to, voice)];
    const fractions = Array.from({ length: options.steps }, (_, i) => (options.steps === 1 ? 0 : i / (options.steps - 1)));
    const files: string[] = [];
    const name = (kind: string, pitch: number, i: number): string =>
      join(options.out, kind, `${pitchFileName(pitch)}-step-${String(i).padStart(2, '0')}.wav`);
    const progress = context.progress.start('interpolating', options.steps * options.pitches.length);
    const each = Math.min(Math.round(options.seconds * voice.sampleRate), voice.samples);
    const wholes: string[] = [];
    const all = options.steps * options.pitches.length * (options.wave ? 2 : 1);
    const save = async (kind: string, pitch: number, i: number, audio: Float32Array): Promise<void> => {
      const file = name(kind, pitch, i);
      await writeWav(file, audio, voice.sampleRate);
      files.push(file);
      context.keeps(`${files.length} of ${all} notes are in ${options.out}.`);
    };
    const saveRow = async (kind: string, pitch: number, notes: readonly Float32Array[]): Promise<void> => {
      const whole = join(options.out, kind, `${pitchFileName(pitch)}.wav`);
      await writeWav(whole, inARow(notes, each), voice.sampleRate);
      wholes.push(whole);
    };
    for (const [at, pitch] of options.pitches.entries()) {
      const notes: Float32Array[] = [];
      const again = fractions.map(() => pitch);
      for await (const audio of voice.phrase(again, { timbres: [a, b], signal: context.signal })) {
        await save(options.wave ? 'latent' : '', pitch, notes.length, audio);
        notes.push(audio);
        progress.update(at * options.steps + notes.length);
      }
      await saveRow(options.wave ? 'latent' : '', pitch, notes);
      if (!options.wave) continue;
      const [first, last] = [notes[0]!, notes.at(-1)!];
      const mixed = fractions.map((t) => first.map((value, n) => (1 - t) * value + t * last[n]!));
      for (const [i, audio] of mixed.entries()) await save('wave', pitch, i, audio);
      await saveRow('wave', pitch, mixed);
    }
    progress.finish(`${files.length} notes`);
    return { data: { model: voice.source, fractions, files, wholes }, text: [...files, ...wholes].join('\n') };
  });
}
