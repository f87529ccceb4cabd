import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Option, type Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { integer, list, real, seed } from '../app/numbers.js';
import { checkOutputFile } from '../app/outputs.js';
import { pitch as pitchValue } from '../app/values.js';
import { withVoice, type VoiceOptions } from '../pipeline/voice-options.js';

interface MidiOptions extends VoiceOptions {
  readonly instruments?: number;
  readonly secondsPerInstrument: number;
  readonly latents?: string;
  readonly times?: number[];
  readonly seed: number;
  readonly lowest?: number;
  readonly highest?: number;
  readonly transpose: number;
  readonly peak: 'signed' | 'absolute';
  readonly atMost: number;
  readonly out?: string;
}

/** Each has a latent of its own in memory. */
const mostInstruments = 10_000;

/** `gansynth midi` */
export function midi(program: Command): void {
  const command = withVoice(program.command('midi').argument('<file>', 'a Standard MIDI File'))
    .description('a song, its timbre moving through several instruments')
    .option(
      '--seconds-per-instrument <n>',
      'a new instrument so often, as the original chooses how many',
      real({ from: 0.01, to: 86_400 }),
      6,
    )
    .option('--instruments <n>', 'this many instead, evenly spaced; 2 or more', integer({ from: 2, to: mostInstruments }))
    .option('--latents <file>', 'your own instruments, in the order they are passed')
    .option('--times <list>', 'when each is reached, as fractions of the song: 0,0.3,1', list(real()))
    .option('--seed <n>', 'decides random instruments', seed, 0)
    .option('--lowest <pitch>', "notes below are left out (default: the model's lowest, at least 36 as the original)", pitchValue)
    .option('--highest <pitch>', "notes above are left out (default: the model's highest)", pitchValue)
    .option('--transpose <semitones>', 'before that: 12 is an octave up, -12 one down', integer({ from: -127, to: 127 }), 0)
    .addOption(
      new Option(
        '--peak <kind>',
        'how notes and mix are scaled: by their highest value, as the original, or by the largest deviation',
      )
        .choices(['signed', 'absolute'])
        .default('signed'),
    )
    .option('--at-most <minutes>', 'how long the song may be; two hours take about 1.5 GB', real({ above: 0, to: 24 * 60 }), 120)
    .option('-o, --out <file>', 'the WAV file (default: beside you, named as the song)');
  perform<MidiOptions>(command, run);
  examples(command, [
    ['gansynth midi prelude.mid', 'With random instruments of the shipped model'],
    ['gansynth midi prelude.mid --latents generated/latents.json --times 0,0.5,1', 'With three instruments of your choice'],
  ]);
}

async function run(context: Context, options: MidiOptions, path: string): Promise<Result> {
  const { planSong, readScore, renderSong } = await import('@gansynth/voice');
  const { useVoice } = await import('../pipeline/voice-options.js');
  const { readLatents } = await import('../pipeline/latents.js');
  const { writeWav } = await import('../audio/write-wav.js');
  const { InputError } = await import('../app/errors.js');
  const out = options.out ?? `${basename(path).replace(/\.midi?$/i, '')}.wav`;
  checkOutputFile(out);
  const { notes: score, remarks } = readScore(readFileSync(path), path);
  if (score.length === 0) throw new InputError(`${path}: expected a song, found no note that begins and ends.`, remarks);
  for (const remark of remarks) context.note(remark);
  return useVoice(context, options, async (voice) => {
    const plan = planSong(voice.model, score, {
      timbres: options.latents === undefined ? undefined : readLatents(options.latents, voice.latentSize),
      times: options.times,
      count: options.instruments,
      secondsPerTimbre: options.secondsPerInstrument,
      seed: options.seed,
      transpose: options.transpose,
      lowest: options.lowest,
      highest: options.highest,
    });
    const { notes, leftOut, lowest, highest, latents, times } = plan;
    const step = context.progress.start('rendering', notes.length);
    const mix = await renderSong(voice, notes, {
      latents,
      times,
      peak: options.peak,
      atMost: 60 * options.atMost,
      signal: context.signal,
      onNote: (done) => step.update(done),
    });
    await writeWav(out, mix, voice.sampleRate);
    const seconds = mix.length / voice.sampleRate;
    step.finish(`${notes.length} notes`);
    return {
      data: { model: voice.source, file: out, seconds, notes: notes.length, leftOut, instruments: latents.length, times },
      text: `${out}: ${seconds} s, ${notes.length} notes, ${latents.length} instruments${leftOut > 0 ? `; ${leftOut} notes beyond ${lowest}-${highest} left out` : ''}`,
    };
  });
}
