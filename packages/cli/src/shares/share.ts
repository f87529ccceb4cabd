import type { Share } from '@gansynth/common/node';
import { InvalidArgumentError } from 'commander';
import { UsageError } from '../app/errors.js';

export type { Share };

const whole = /^\d{1,9}$/;

/** "2/8": the third of eight parts. */
export function share(text: string): Share {
  const match = /^(\d{1,9})\/(\d{1,9})$/.exec(text);
  const [index, of] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || of < 1 || index >= of) throw new InvalidArgumentError(`Expected i/n with 0 <= i < n, found "${text}".`);
  return { index, of };
}

/** What one scheduler says; `of` is undefined where it cannot be told. */
interface Told {
  readonly by: string;
  readonly index: string;
  readonly of: number | undefined;
}

const numbers = (...texts: readonly (string | undefined)[]): number[] | undefined => {
  const found = texts.map((text) => (text !== undefined && whole.test(text) ? Number(text) : Number.NaN));
  return found.some(Number.isNaN) ? undefined : found;
};

/** Tasks first, first + step, ... last: all parts of a work only if they are 0, 1, ... and more than one. */
function wholeArray(
  first: string | undefined,
  last: string | undefined,
  step: string | undefined,
  from: number,
): number | undefined {
  const [low = -1, high = 0, by = 0] = numbers(first, last, step) ?? [];
  return low === from && by === 1 && high > low ? high - low + 1 : undefined;
}

/** Each scheduler, in its own variables. An array's own size is no proof: a re-submitted task is an array of one. */
const schedulers: readonly ((environment: NodeJS.ProcessEnv) => Told | undefined)[] = [
  ({
    SLURM_ARRAY_TASK_ID: task,
    SLURM_ARRAY_TASK_MIN: min,
    SLURM_ARRAY_TASK_MAX: max,
    SLURM_ARRAY_TASK_COUNT: count,
    SLURM_ARRAY_TASK_STEP: step,
  }) => {
    if (task === undefined) return undefined;
    const of = wholeArray(min, max, step ?? '1', 0);
    return { by: 'SLURM_ARRAY_TASK_ID', index: task, of: count === undefined || Number(count) === of ? of : undefined };
  },
  ({ JOB_COMPLETION_INDEX: job, JOB_COMPLETIONS: jobs }) => {
    const [of] = numbers(jobs) ?? [];
    return job === undefined ? undefined : { by: 'JOB_COMPLETION_INDEX', index: job, of };
  },
  ({ PBS_ARRAY_INDEX: task }) => (task === undefined ? undefined : { by: 'PBS_ARRAY_INDEX', index: task, of: undefined }),
  ({ SGE_TASK_ID: task, SGE_TASK_FIRST: first, SGE_TASK_LAST: last, SGE_TASK_STEPSIZE: step }) => {
    const [number] = numbers(task) ?? [];
    if (number === undefined) return undefined;
    return { by: 'SGE_TASK_ID', index: String(number - 1), of: wholeArray(first, last, step, 1) };
  },
  ({ OMPI_COMM_WORLD_RANK: rank, OMPI_COMM_WORLD_SIZE: size }) => {
    const [of] = numbers(size) ?? [];
    return rank === undefined ? undefined : { by: 'OMPI_COMM_WORLD_RANK', index: rank, of };
  },
  ({ PMI_RANK: rank, PMI_SIZE: size }) => {
    const [of] = numbers(size) ?? [];
    return rank === undefined ? undefined : { by: 'PMI_RANK', index: rank, of };
  },
];

/**
 * The share that a scheduler's environment names, where it cannot mean anything else: a Slurm array 0-n or a Grid Engine one 1-n with all its tasks,
 * an indexed Kubernetes job with JOB_COMPLETIONS set, the ranks of `mpirun`.
 *
 * @returns undefined outside of such a job
 * @throws UsageError where a scheduler says which task this is, but not of how many parts of the work, or two disagree
 */
export function shareOfEnvironment(environment: NodeJS.ProcessEnv = process.env): Share | undefined {
  const told = schedulers.flatMap((read) => read(environment) ?? []);
  const [first] = told;
  if (first === undefined) return undefined;
  const names = told.map(({ by, index }) => `${by} ${index}`).join(' and ');
  const cure = 'Say which part is meant, --shard 2/4 for the third of four, or --shard 0/1 for all of it.';
  const [index] = numbers(first.index) ?? [];
  if (told.length > 1 && told.some(({ index: other, of }) => other !== first.index || of !== first.of)) {
    throw new UsageError(`expected one scheduler's word for this machine's share, found ${names}. ${cure}`, names);
  }
  if (first.of === undefined || index === undefined || index >= first.of) {
    throw new UsageError(
      `expected to learn from the environment of how many parts this is one, found ${names} without that: an array that was submitted again in ` +
        `part looks like this too. ${cure}`,
      names,
    );
  }
  return { index, of: first.of };
}
