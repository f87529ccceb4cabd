import type { Command } from 'commander';
import type { Context, Result } from '../app/command.js';
import { submit } from '../engines/hand-over.js';
import type { EngineName } from '../engines/job.js';
import { siteOf, type EngineOptions } from '../engines/options.js';
import { wordsAgain } from '../engines/words-again.js';
import { stagesOf } from '../reproduce/stages.js';

/** `gansynth reproduce --engine ...` @param command what it was given */
export async function submitReproduction(
  { signal }: Context,
  command: Command,
  options: EngineOptions & { readonly engine: EngineName },
  { names, trainings }: { readonly names: readonly string[]; readonly trainings: number },
): Promise<Result> {
  const { engine, go } = options;
  const stages = stagesOf([...names, ...wordsAgain(command)], trainings, options.name);
  const { text, answer } = await submit(stages, siteOf(engine, options), { go: go === true, signal });
  const jobs = stages.map(({ name, stage, tasks = 1 }) => ({ name, stage, tasks }));
  return { data: { engine, jobs, text, ...(answer === undefined ? {} : { answer }) }, text: (answer ?? text).trimEnd() };
}
