import { breathe } from '@gansynth/common/breathe';
import type { Precision } from '@gansynth/models-wavenet';
import type { Voice } from '@gansynth/voice';
import { Option, type Command } from 'commander';
import type { Context } from '../app/command.js';
import { startBackend, withBackend, type BackendOptions } from '../backend/options.js';

export interface PrecisionOptions {
  readonly precision?: Precision;
}

export interface VoiceOptions extends BackendOptions, PrecisionOptions {
  readonly model?: string;
  readonly runs: string;
}

/** Asked for before anything of a network is loaded. */
const precisionNames: Readonly<Record<Precision, true>> = { float32: true, bfloat16: true, int8: true };

/** Adds how the weights of a WaveNet are held while it draws. */
export const withPrecision = (command: Command): Command =>
  command.addOption(
    new Option(
      '--precision <name>',
      'weights of a WaveNet while it draws: bfloat16 and int8 are faster, and draw other notes (default: float32)',
    ).choices(Object.keys(precisionNames)),
  );

/** Adds the options of every command that makes sound with a model. */
export function withVoice(command: Command): Command {
  return withPrecision(withBackend(command))
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
  const voice = await openModel(options.model, options.runs, { precision: options.precision });
  context.progress.note(`model ${voice.name}: ${voice.source}`);
  try {
    await breathe(context.signal);
    const value = await work(voice);
    const { drawnWith } = voice.model;
    if (drawnWith !== undefined) context.progress.note(`drawn with ${drawnWith}`);
    return value;
  } finally {
    voice.dispose();
  }
}
