import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../app/command.js';
import type { BackendOptions } from '../backend/options.js';
import type { Run } from '../runs/run.js';
import { modelSamples } from '../runs/samples.js';
import { writeSamples } from './samples.js';
import { useVoice } from './voice-options.js';

/** Renders notes of the model of a run that has none yet, into the run. */
export async function sampleModel(run: Run, context: Context, { backend }: BackendOptions): Promise<void> {
  if (!existsSync(join(run.paths.model, 'gansynth.json'))) {
    context.note(`${run.id} has saved no model yet: no notes in the page`);
    return;
  }
  await useVoice(context, { backend, model: run.paths.model, runs: '' }, async (voice) => {
    const step = context.progress.start('rendering notes');
    await writeSamples(voice, run, modelSamples(run), context.signal);
    step.finish();
  });
}
