import type { Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { UsageError } from '../app/errors.js';
import { integer } from '../app/numbers.js';
import { taskShare, type Job, type Site, type Word } from '../engines/job.js';
import type { NamedCommand } from '../engines/named-command.js';
import { withEngine, type EngineOptions } from '../engines/options.js';

interface SubmitOptions extends EngineOptions {
  readonly array?: number;
  readonly processes: number;
}

/** `gansynth submit` */
export function submit(program: Command): void {
  const command = withEngine(
    program.command('submit').argument('<command...>', 'after --: any command of gansynth, with its options'),
  )
    .description('a command as a job of Slurm, Kubernetes or GNU parallel: prints the script or manifest, or hands it over')
    .option('--array <n>', 'as n tasks of which each does its share (--shard i/n)', integer({ from: 1, to: 100_000 }))
    .option('--processes <n>', 'of each task, training together by MPI', integer({ from: 1, to: 4096 }), 1);
  perform<SubmitOptions, [string[]]>(command, (context, options, words) => run(program, context, options, words), {
    savesWhenStopped: true,
  });
  examples(command, [
    [
      'gansynth submit --engine slurm --array 8 --time 4:00:00 -- generate --model if-mel --count 4000',
      'A script for sbatch: four thousand notes in eight shares',
    ],
    [
      'gansynth submit --engine slurm --gpus 1 --time 24:00:00 --engine-option=--partition=gpu --go -- train paper/if-mel-h --data nsynth',
      'A training, submitted; it goes on by itself after each day, and after preemption',
    ],
    [
      'gansynth submit --engine kubernetes --image registry.example/gansynth --array 8 -- sweep train rates.json',
      'An indexed Job',
    ],
    [
      'gansynth submit --engine parallel --array 8 --engine-option=--sshlogin=one,two -- sweep train rates.json',
      'On machines without a scheduler',
    ],
  ]);
}

async function run(program: Command, context: Context, options: SubmitOptions, words: string[]): Promise<Result> {
  const { submit: handOver } = await import('../engines/hand-over.js');
  const { siteOf } = await import('../engines/options.js');
  const { namedCommand } = await import('../engines/named-command.js');
  const { engine } = options;
  if (engine === undefined) throw new UsageError('expected --engine slurm, kubernetes or parallel, found none. Name one.');
  const site = siteOf(engine, options);
  const job = jobOf(await namedCommand(program, words, options.array), site, options);
  const { text, answer } = await handOver([job], site, { go: options.go === true, signal: context.signal });
  return {
    data: { engine, name: job.name, text, ...(answer === undefined ? {} : { answer }) },
    text: (answer ?? text).trimEnd(),
  };
}

/** The job of a command. @throws UsageError where it cannot be divided as was asked */
function jobOf({ name, rest, takesShare }: NamedCommand, { engine }: Site, options: SubmitOptions): Job {
  const { array: tasks, processes } = options;
  if (tasks !== undefined && !takesShare) {
    throw new UsageError(
      `expected a command that can do a share (--shard) with --array, found ${name}. Leave --array out.`,
      name,
    );
  }
  if (tasks !== undefined && rest.some((word) => /^--shard(=|$)/.test(word))) {
    throw new UsageError('expected --array or --shard, found both. Leave --shard out: each task gets its own.', rest);
  }
  if (processes > 1 && name !== 'train') {
    throw new UsageError(`expected --processes with train, found it with ${name}. Take --array to divide a work.`, processes);
  }
  if (engine === 'parallel' && (tasks === undefined || processes > 1)) {
    throw new UsageError(
      'expected --array, and no --processes, with --engine parallel, which does shares side by side. Add --array.',
    );
  }
  const share: Word[] = tasks === undefined ? [] : ['--shard', taskShare];
  return {
    name: options.name ?? `gansynth-${name.replaceAll(' ', '-')}`,
    words: [...name.split(' '), ...share, ...rest],
    tasks,
    processes,
  };
}
