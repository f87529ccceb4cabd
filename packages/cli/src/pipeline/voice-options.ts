import { breathe } from '@gansynth/common/breathe';
import type { Voice } from '@gansynth/voice';
import type { Command } from 'commander';
import type { Context } from '../app/command.js';
import { startBackend, withBackend, type BackendOptions } from '../backend/options.js';

export interface VoiceOptions extends BackendOptions {
  readonly model?: string;
  readonly runs: string;
}

/** Adds the options of every command that makes sound with a model. */
export function withVoice(command: Command): Command {
  return withBackend(command)
    .option(
      '--model <model>',
      'a run (folder, id or its beginning), a model folder, a URL, an npm package (@scope/name), or mini, the shipped one (default: mini, else the newest run)',
    )
    .option('--runs <folder>', 'where runs are kept', 'runs');
}

/** Starts the backend, opens the model, and closes it when the work is done. */
export async function useVoice<Value>(
  context: Context,
  options: VoiceOptions,
  work: (voice: Voice) => Promise<Value>,
): Promise<Value> {
  const { openModel } = await import('./open-model.js');
  await startBackend(context, options);
  const voice = await openModel(options.model, options.runs);
  context.progress.note(`model ${voice.name}: ${voice.source}`);
  try {
    await breathe(context.signal);
    return await work(voice);
  } finally {
    voice.dispose();
  }
}
