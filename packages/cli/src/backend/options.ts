import { breathe } from '@gansynth/common/breathe';
import { Option, type Command } from 'commander';
import type { Context } from '../app/command.js';
import type { Choice } from './choose.js';
import { backendNames, type BackendName } from './names.js';

export interface BackendOptions {
  readonly backend: BackendName | 'auto';
}

/** Adds `--backend` to a command that computes. */
export function withBackend(command: Command): Command {
  const help = 'what computes: the first that runs here, or the one named';
  return command.addOption(
    new Option('--backend <name>', help)
      .choices(['auto', ...backendNames])
      .default('auto')
      .env('GANSYNTH_BACKEND'),
  );
}

/**
 * Starts the backend a command was given and says which it is.
 *
 * @param threads of a CPU; default: as many as there are processors
 */
export async function startBackend(
  { progress, signal }: Pick<Context, 'progress' | 'signal'>,
  { backend }: BackendOptions,
  threads?: number,
): Promise<Choice> {
  const { chooseBackend } = await import('./choose.js');
  const choice = await chooseBackend(backend, threads);
  await breathe(signal);
  progress.note(`backend ${choice.name}: ${choice.detail}`);
  return choice;
}
