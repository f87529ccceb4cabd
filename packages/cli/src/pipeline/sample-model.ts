import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../app/command.js';
import type { BackendOptions } from '../backend/options.js';
import { familyOf } from '../families/index.js';
import type { Run } from '../runs/run.js';
import { modelSamples } from '../runs/samples.js';
import { noteSamples, writeSounds } from './samples.js';
import { useVoice } from './voice-options.js';

/** Renders notes of the model of a run that has none yet, into the run. */
export async function sampleModel(run: Run, context: Context, { backend }: BackendOptions): Promise<void> {
  if (!existsSync(join(run.paths.model, 'gansynth.json'))) {
    context.note(`${run.id} has saved no model yet: no notes in the page`);
    return;
  }
  if (familyOf(run.recipe).models.playsNotes === false) {
    context.note(`${run.id} plays no notes by itself, and no save of it has left sounds: none in the page`);
    return;
  }
  await useVoice(context, { backend, model: run.paths.model, runs: '' }, async (voice) => {
    const step = context.progress.start('rendering notes');
    const { saving, seed } = run.recipe;
    const sounds = noteSamples(voice)({ count: saving.samples, seed, signal: context.signal });
    await writeSounds(modelSamples(run), sounds, voice.sampleRate);
    step.finish();
  });
}
