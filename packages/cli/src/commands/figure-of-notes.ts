import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { examples, perform } from '../app/command.js';
import { seed } from '../app/numbers.js';
import { checkOutputFile } from '../app/outputs.js';
import { pitch } from '../app/values.js';
import { startBackend, withBackend, type BackendOptions } from '../backend/options.js';

interface PhasesOptions extends BackendOptions {
  readonly pitch?: number;
  readonly out: string;
}

/** `gansynth figure phases <sound>` */
export function phases(group: Command): void {
  const command = withBackend(group.command('phases').argument('<sound>', 'a note: WAV, AIFF, FLAC, MP3 or Ogg'))
    .description('figure 1: frames, phase, unwrapped phase and instantaneous frequency of a note')
    .option('-p, --pitch <pitch>', 'of the note (default: as measured)', pitch)
    .option('-o, --out <file>', 'the SVG', 'phases.svg');
  perform<PhasesOptions>(command, async (context, options, path = '') => {
    const { trackPitch } = await import('@gansynth/metrics');
    const { readSound } = await import('@gansynth/nsynth-data');
    const { pitchOfHertz } = await import('@gansynth/common/note-name');
    const { saveFigure } = await import('../figures/save-figure.js');
    const { drawPhases } = await import('../figures/of-notes.js');
    const { InputError, UsageError } = await import('../app/errors.js');
    checkOutputFile(options.out);
    if (!existsSync(path)) throw new InputError(`${path}: expected a sound file, found nothing there.`, path);
    const { samples, sampleRate } = await readSound(path);
    const measured = options.pitch ?? trackPitch(samples, { sampleRate, pitch: 60 }).freeHertz;
    if (measured === null)
      throw new UsageError(`${path}: expected a note with a pitch, found none that can be measured. Name it: --pitch.`, path);
    const number = options.pitch ?? pitchOfHertz(measured);
    await startBackend(context, options);
    const svg = await drawPhases({ name: basename(path), audio: samples, sampleRate, pitch: number });
    return saveFigure(options.out, svg, { pitch: number });
  });
  examples(command, [['gansynth figure phases trumpet.wav --pitch C4', 'Of a recording']]);
}

interface CoherenceOptions extends BackendOptions {
  readonly models: string;
  readonly runs: string;
  readonly pitch?: number;
  readonly seed: number;
  readonly out: string;
}

/** `gansynth figure coherence` */
export function coherence(group: Command): void {
  const command = withBackend(group.command('coherence'))
    .description('figure 3: a note of each model folded on its period, and its rainbowgram')
    .requiredOption('--models <sources>', 'as name=where with commas between: models, or collections of notes (real=my-notes)')
    .option('--runs <folder>', 'where runs are kept', 'runs')
    .option('-p, --pitch <pitch>', 'of the notes (default: the middle one of those that all have)', pitch)
    .option('--seed <n>', 'of latents and of the choice of notes', seed, 0)
    .option('-o, --out <file>', 'the SVG', 'coherence.svg');
  perform<CoherenceOptions>(command, async (context, options) => {
    const { closeSources, commonPitches, openSources, spread } = await import('../pipeline/note-sources.js');
    const { sourceNames } = await import('../pipeline/source-names.js');
    const { saveFigure } = await import('../figures/save-figure.js');
    const { drawCoherence } = await import('../figures/of-notes.js');
    checkOutputFile(options.out);
    const sources = await openSources(sourceNames(options.models), context, options);
    try {
      const { pitch: wanted } = options;
      const [at] = spread(commonPitches(sources, wanted === undefined ? undefined : [wanted]), 1);
      // Of collections alone no model has started one.
      if (sources.every(({ kind }) => kind === 'notes')) await startBackend(context, options);
      const drawn = [];
      for (const { name, sampleRate, notes } of sources)
        for await (const { audio, pitch: played } of notes([at!], options.seed))
          drawn.push({ name, audio, sampleRate, pitch: played });
      return saveFigure(options.out, await drawCoherence(drawn), { pitch: at });
    } finally {
      await closeSources(sources);
    }
  });
  examples(command, [
    ['gansynth figure coherence --models real=my-notes,IF=runs/if-3f2a,WaveGAN=runs/wavegan-77c0 --pitch C4', 'As in the paper'],
  ]);
}
