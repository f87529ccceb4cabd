import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { integer, noteSeconds, seed } from '../app/numbers.js';
import { checkOutputFile } from '../app/outputs.js';
import type { ScoreNote, Voice } from '@gansynth/voice';
import { pitch, pitches } from '../app/values.js';
import { startBackend, withBackend, type BackendOptions } from '../backend/options.js';
import { withVoice, type VoiceOptions } from '../pipeline/voice-options.js';

interface InterpolationOptions extends VoiceOptions {
  readonly from: string;
  readonly to: string;
  readonly steps: number;
  readonly pitch: number;
  readonly wavenet?: string;
  readonly out: string;
}

/** `gansynth figure interpolation` */
export function interpolation(group: Command): void {
  const command = withVoice(group.command('interpolation'))
    .description(
      'figure 4: from one timbre to another through the latents, by mixing the two waves, and as an autoencoder has them',
    )
    .option('--from <latent>', 'a seed, file.json[:position], or an instrument of the model[:seed]', '0')
    .option('--to <latent>', 'as --from', '1')
    .option('--steps <n>', 'notes, both ends included', integer({ from: 2, to: 30 }), 7)
    .option('-p, --pitch <pitch>', 'of the notes', pitch, 60)
    .option('--wavenet <model>', 'an NSynth autoencoder for a third row: a run, a model folder, or a URL; slow')
    .option('-o, --out <file>', 'the SVG', 'interpolation.svg');
  perform<InterpolationOptions>(command, async (context, options) => {
    const { useVoice } = await import('../pipeline/voice-options.js');
    const { latentNamed } = await import('../pipeline/latents.js');
    const { drawInterpolationOf } = await import('../figures/of-models.js');
    const { openAutoencoder } = await import('../pipeline/open-autoencoder.js');
    const { checkSampleRate } = await import('../pipeline/autoencoder-rows.js');
    const { saveFigure } = await import('../figures/save-figure.js');
    checkOutputFile(options.out);
    return useVoice(context, options, async (voice) => {
      const { from, to, steps, pitch: number, out } = options;
      const timbres = [latentNamed(from, voice), latentNamed(to, voice)] as const;
      const autoencoder = options.wavenet === undefined ? undefined : await openAutoencoder(options.wavenet, options.runs);
      try {
        if (autoencoder) checkSampleRate(autoencoder, voice.sampleRate);
        const { signal } = context;
        const { svg, shares } = await drawInterpolationOf(voice, { timbres, steps, pitch: number, autoencoder, signal });
        return saveFigure(out, svg, { shares });
      } finally {
        autoencoder?.model.dispose();
      }
    });
  });
  examples(command, [
    ['gansynth figure interpolation --from flute --to harpsichord', 'Between two instruments of the shipped model'],
    ['gansynth figure interpolation --wavenet models/nsynth', 'All three rows of figure 4'],
  ]);
}

interface OctavesOptions extends VoiceOptions {
  readonly pitches?: number[];
  readonly midi?: string;
  readonly prelude?: true;
  readonly seed: number;
  readonly seconds?: number;
  readonly out: string;
}

/** As much of a song as is drawn. */
const songSeconds = 20;

/** `gansynth figure octaves` */
export function octaves(group: Command): void {
  const command = withVoice(group.command('octaves'))
    .description('figure 7: one latent over the octaves, and latents that move')
    .option(
      '-p, --pitches <list>',
      'notes in a row (default: 15 over the five octaves up from C2, as far as the model goes)',
      pitches,
    )
    .option('--midi <file>', `a song instead, the first ${songSeconds} s of it`)
    .option('--prelude', "the opening of Bach's first cello suite instead, as the paper has it")
    .option('--seed <n>', 'of the latents', seed, 0)
    .option('--seconds <n>', 'of each note (default: 0.5)', noteSeconds)
    .option('-o, --out <file>', 'the SVG', 'octaves.svg');
  perform<OctavesOptions>(command, async (context, options) => {
    const { useVoice } = await import('../pipeline/voice-options.js');
    const { saveFigure } = await import('../figures/save-figure.js');
    checkOutputFile(options.out);
    const { drawOctavesOf, drawSongOf } = await import('../figures/of-models.js');
    const song = await songOf(options);
    return useVoice(context, options, async (voice) => {
      const { signal } = context;
      const { seed: of, seconds = 0.5, out } = options;
      const lowest = options.prelude === true ? 0 : undefined;
      if (song === undefined) {
        const { svg, pitches: played } = await drawOctavesOf(voice, { pitches: options.pitches, seed: of, seconds, signal });
        return saveFigure(out, svg, { pitches: played });
      }
      return saveFigure(out, await drawSongOf(voice, { notes: song(voice), lowest, seconds: songSeconds, seed: of, signal }));
    });
  });
  examples(command, [['gansynth figure octaves --prelude', "Bach's prelude, by one timbre and through fifteen"]]);
}

/** The song that is asked for, for a voice; undefined where notes in a row are. @throws UsageError where both are */
async function songOf(options: OctavesOptions): Promise<((voice: Pick<Voice, 'pitches'>) => readonly ScoreNote[]) | undefined> {
  const { midi, prelude, pitches: row, seconds } = options;
  const asked = [
    midi !== undefined && '--midi',
    prelude === true && '--prelude',
    row !== undefined && '--pitches',
    seconds !== undefined && '--seconds',
  ].filter((name) => name !== false);
  if (midi === undefined && prelude === undefined) return undefined;
  if (asked.length > 1) {
    const { UsageError } = await import('../app/errors.js');
    throw new UsageError(`expected ${asked.join(' or ')}, found both. Leave out one.`, asked);
  }
  if (midi !== undefined) {
    const notes = await beginningOf(midi);
    return () => notes;
  }
  const { preludeFor } = await import('../figures/prelude.js');
  return ({ pitches: known }) => preludeFor(known);
}

/** The notes of a song that begin within what is drawn of it. */
async function beginningOf(midi: string): Promise<readonly ScoreNote[]> {
  const { InputError } = await import('../app/errors.js');
  const { readScore } = await import('@gansynth/voice');
  if (!existsSync(midi)) throw new InputError(`${midi}: expected a MIDI file, found nothing there.`, midi);
  const notes = readScore(readFileSync(midi), midi).notes.filter(({ start }) => start < songSeconds);
  if (notes.length > 0) return notes;
  throw new InputError(`${midi}: expected a song, found no note that begins in its first ${songSeconds} s and ends.`, midi);
}

interface LatencyOptions extends BackendOptions {
  readonly models: string;
  readonly runs: string;
  readonly repeats: number;
  readonly out: string;
}

/** `gansynth figure latency` */
export function latency(group: Command): void {
  const command = withBackend(group.command('latency'))
    .description(
      "how long one note takes with each model, the paper's times beside; other backends that were measured into the same file stay",
    )
    .option('--models <sources>', 'as name=where with commas between', 'mini')
    .option('--runs <folder>', 'where runs are kept', 'runs')
    .option('--repeats <n>', 'notes whose median counts', integer({ from: 1, to: 1000 }), 3)
    .option('-o, --out <file>', 'the SVG; a JSON file with the times goes beside it', 'latency.svg');
  perform<LatencyOptions>(command, runLatency);
  examples(command, [
    ['gansynth figure latency --models IF=runs/if-3f2a,WaveNet=runs/wavenet-8b', 'On the first backend that runs here'],
  ]);
}

async function runLatency(context: Context, options: LatencyOptions): Promise<Result> {
  const { sourceNames } = await import('../pipeline/source-names.js');
  const { openModel } = await import('../pipeline/open-model.js');
  const { measureLatency } = await import('../figures/measure-latency.js');
  const { drawLatency } = await import('../figures/of-scores.js');
  const { saveFigure } = await import('../figures/save-figure.js');
  const { areLatencies, mergeLatencies } = await import('../figures/latencies.js');
  const { readJsonOf } = await import('../runs/read-json-of.js');
  const { writeJson } = await import('../runs/write-json.js');
  checkOutputFile(options.out);
  const file = options.out.replace(/(\.svg)?$/i, '.json');
  const before = existsSync(file) ? readJsonOf(file, areLatencies) : [];
  const { name: backend } = await startBackend(context, options);
  const step = context.progress.start('measuring');
  const measured = [];
  for (const { name: model, where } of sourceNames(options.models)) {
    const voice = await openModel(where, options.runs);
    try {
      measured.push({ model, backend, milliseconds: await measureLatency(voice, options.repeats, { signal: context.signal }) });
    } finally {
      voice.dispose();
    }
  }
  step.finish(`${measured.length} models`);
  const rows = mergeLatencies(before, measured);
  await writeJson(file, rows);
  return saveFigure(options.out, drawLatency(rows), { times: file, rows });
}
