import { InvalidArgumentError, Option, type Command } from 'commander';
import { UsageError } from '../app/errors.js';
import { integer } from '../app/numbers.js';
import { engineNames, type EngineName, type Site } from './job.js';

export interface EngineOptions {
  readonly engine?: EngineName;
  readonly gpus: number;
  readonly cpus?: number;
  readonly memory?: number;
  readonly time?: number;
  readonly grace: number;
  readonly atOnce?: number;
  readonly name?: string;
  readonly logs: string;
  readonly setup: string[];
  readonly engineOption: string[];
  readonly image?: string;
  readonly claim: string;
  readonly go?: true;
}

/** Hosts are named so, with stage and task added, in 63 letters. */
function name(text: string): string {
  if (/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError(`Expected up to 40 small letters, digits and hyphens, a letter first, found "${text}".`);
}

/** Any name of an object in Kubernetes. */
function objectName(text: string): string {
  if (/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError(`Expected small letters, digits, hyphens and dots, found "${text}".`);
}

/** "24:00:00", "2-12:00:00" (two days and a half), "90:00" -> seconds */
export function time(text: string): number {
  const match = /^(?:(\d{1,3})-)?(\d{1,3}):(\d\d)(?::(\d\d))?$/.exec(text);
  if (!match) throw new InvalidArgumentError(`Expected hours:minutes:seconds or days-hours:minutes:seconds, found "${text}".`);
  const [days = 0, first = 0, second = 0, third] = match.slice(1).map((part) => (part === undefined ? undefined : Number(part)));
  // As Slurm reads them: without days, two numbers are minutes and seconds; with days, hours and minutes.
  const hoursFirst = third !== undefined || match[1] !== undefined;
  const clock = hoursFirst ? 3600 * first + 60 * second + (third ?? 0) : 60 * first + second;
  const seconds = 86_400 * days + clock;
  if (seconds === 0) throw new InvalidArgumentError(`Expected a time above 0, found "${text}".`);
  return seconds;
}

/** A folder as a scheduler's own patterns (%x) and quotes leave it alone. */
function logFolder(text: string): string {
  if (text === '' || /["\\%$`\n]/.test(text)) {
    throw new InvalidArgumentError(`Expected a folder without quotes, %, $ and backslashes in its name, found "${text}".`);
  }
  return text;
}

function line(text: string, before: readonly string[] = []): string[] {
  if (/[\r\n]/.test(text)) throw new InvalidArgumentError('Expected one line; give the option once for each.');
  return [...before, text];
}

const most = 100_000;

/** Adds what a command needs to be given to a scheduler. */
export const withEngine = (command: Command): Command =>
  command
    .addOption(new Option('--engine <engine>', 'what runs it').choices(engineNames))
    .option('--gpus <n>', 'of each process', integer({ from: 0, to: 1024 }), 0)
    .option('--cpus <n>', "of each process (default: the engine's)", integer({ from: 1, to: 4096 }))
    .option('--memory <GiB>', "of each process (default: the engine's)", integer({ from: 1, to: 65_536 }))
    .option(
      '--time <time>',
      'that a job may run at a time: 24:00:00, 2-12:00:00 (two days and a half); then it is queued again (slurm, kubernetes)',
      time,
    )
    .option('--grace <seconds>', 'for saving, from the request to stop to the end', integer({ from: 10, to: 3600 }), 300)
    .option(
      '--at-once <n>',
      'tasks at a time (default: as many as there is room for; of parallel one)',
      integer({ from: 1, to: most }),
    )
    .option('--name <name>', 'of the job (default: from the command)', name)
    .option('--logs <folder>', "of the jobs' output, which must be there when they begin; with --go it is made", logFolder, '.')
    .option('--setup <line>', 'of bash, before the command: module load cuda; may be given several times', line, [])
    .option('--engine-option <option>', 'for sbatch or parallel as it is: --partition=gpu; may be given several times', line, [])
    .option('--image <image>', 'of kubernetes: a container image that has gansynth')
    .option('--claim <name>', 'of kubernetes: the volume claim with the notes, where the command runs', objectName, 'gansynth')
    .option('--go', 'hand it to the engine instead of printing it');

/**
 * What options of `withEngine` say together.
 *
 * @throws UsageError where they contradict each other, or one has no meaning for the engine
 */
export function siteOf(engine: EngineName, options: EngineOptions): Site {
  const { gpus, cpus, memory, time: seconds, grace, atOnce, logs, setup, engineOption, image, claim } = options;
  const refuse = (option: string, value: unknown, engines: string): never => {
    throw new UsageError(`expected ${option} with --engine ${engines}, found it with --engine ${engine}. Leave it out.`, value);
  };
  if (engine === 'kubernetes') {
    if (image === undefined) {
      throw new UsageError('expected --image with --engine kubernetes, found none. deploy/Containerfile says how to make one.');
    }
    if (setup.length > 0) refuse('--setup', setup, 'slurm or parallel');
    if (engineOption.length > 0) refuse('--engine-option', engineOption, 'slurm or parallel');
    if (logs !== '.') refuse('--logs', logs, 'slurm or parallel');
  } else if (image !== undefined) refuse('--image', image, 'kubernetes');
  if (engine === 'parallel' && cpus !== undefined) refuse('--cpus', cpus, 'slurm or kubernetes');
  if (seconds !== undefined && seconds < 2 * grace) {
    throw new UsageError(
      `expected a --time of at least twice --grace, ${2 * grace} seconds, found ${seconds}: nothing would be done between saves. Raise it.`,
      seconds,
    );
  }
  return { engine, gpus, cpus, memory, seconds, grace, atOnce, logs, setup, engineOptions: engineOption, image, claim };
}
