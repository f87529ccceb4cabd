import { InvalidArgumentError, Option, type Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { integer, noteSeconds, sampleRate } from '../app/numbers.js';
import { pitches } from '../app/values.js';
import { shardOption, theShare, type ShardOptions } from '../shares/shard-option.js';
import type { SoundFontProgress } from '@gansynth/nsynth-data';

interface RenderOptions extends ShardOptions {
  readonly to: string;
  readonly bank?: number;
  readonly programs?: number[];
  readonly pitches: number[];
  readonly velocities: number[];
  readonly seconds: number;
  readonly release: number;
  readonly rate: number;
}

/** "0,11,24-31" -> General MIDI programs; the same notation as pitches by number. */
const programs = (text: string): number[] => {
  if (/[a-g]/i.test(text)) throw new InvalidArgumentError(`Expected program numbers 0 to 127, found "${text}".`);
  return pitches(text);
};

/** `gansynth data render <soundfont>` */
export function render(group: Command): void {
  const command = group
    .command('render')
    .argument('<soundfont>', 'an .sf2 or .sf3 file')
    .description('make a collection from a SoundFont: programs x pitches x velocities, without reverb; silent notes are left out')
    .requiredOption('--to <folder>', 'the new collection')
    .option('--bank <n>', 'bank of the SoundFont, 0 to 127 (default: the lowest it has)', integer({ from: 0, to: 127 }))
    .option('--programs <list>', 'General MIDI programs, 0 to 127: 0,11,24-31 (default: all of the bank)', programs)
    .addOption(
      new Option('-p, --pitches <list>', 'MIDI numbers or names')
        .argParser(pitches)
        .default(pitches('24-84'), "24-84, the paper's"),
    )
    .addOption(
      new Option('--velocities <list>', 'MIDI velocities')
        .argParser(pitches)
        .default([25, 50, 75, 100, 127], "25,50,75,100,127, NSynth's"),
    )
    .option('--seconds <n>', 'from key down to key up', noteSeconds, 3)
    .option('--release <n>', 'from key up to the end', noteSeconds, 1)
    .option('--rate <hertz>', 'sample rate', sampleRate, 16_000)
    .addOption(shardOption('render only every n-th note, from the i-th; the last share makes the collection'));
  perform<RenderOptions>(command, run);
  examples(command, [
    [
      'gansynth data render FluidR3_GM.sf2 --to notes --programs 0,11,12,24,53,57,71,73 --pitches 48-72 --seconds 0.75 --release 0.25',
      '1,000 one-second notes',
    ],
  ]);
}

async function run(context: Context, options: RenderOptions, soundFont: string): Promise<Result> {
  const { renderShare, renderSoundFont } = await import('@gansynth/nsynth-data');
  const { InputError } = await import('../app/errors.js');
  const { describeMissing, nameOfShare } = await import('../shares/describe-share.js');
  const share = theShare(options);
  const step = context.progress.start('rendering', 1);
  const how = {
    to: options.to,
    ...(options.bank === undefined ? {} : { bank: options.bank }),
    ...(options.programs === undefined ? {} : { programs: options.programs }),
    pitches: options.pitches,
    velocities: options.velocities,
    secondsOn: options.seconds,
    secondsRelease: options.release,
    sampleRate: options.rate,
    signal: context.signal,
    onProgress: ({ done, total, program, silent }: SoundFontProgress) =>
      step.update(done / total, `program ${program}, ${silent} silent`),
  };
  const { missing, made } =
    share.of === 1
      ? { missing: [], made: await renderSoundFont(soundFont, how) }
      : await renderShare(soundFont, { ...how, share });
  if (made === undefined) {
    step.finish(nameOfShare(share));
    const waits = describeMissing(missing, share, `${options.to} becomes a collection`);
    return { data: { folder: options.to, share, missing }, text: `${nameOfShare(share)} is done; ${waits}` };
  }
  const { notes, silent: leftOut, bank } = made;
  step.finish(`${notes} notes`);
  if (notes === 0)
    throw new InputError(
      `${soundFont}: expected notes that sound, found ${leftOut} silent ones in bank ${bank}. Try other --programs, --pitches or --bank.`,
      leftOut,
    );
  const from = bank === 0 ? '' : ` of bank ${bank}`;
  return {
    data: { folder: options.to, notes, silent: leftOut, bank },
    text: `${options.to}: ${notes} notes${from}, ${leftOut} silent ones left out`,
  };
}
