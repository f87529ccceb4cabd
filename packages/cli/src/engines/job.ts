export const engineNames = ['slurm', 'kubernetes', 'parallel'] as const;

/** What runs commands on many machines. */
export type EngineName = (typeof engineNames)[number];

/** Stands in a command for the task's share, i/n: each engine has its own variable for i. */
export const taskShare = Symbol('share of the task');

export type Word = string | typeof taskShare;

/** What every process of a job gets. */
export interface Resources {
  readonly gpus: number;
  /** As the engine's own default says where they are undefined. */
  readonly cpus?: number | undefined;
  /** GiB */
  readonly memory?: number | undefined;
  /** Seconds that it may run at a time. */
  readonly seconds?: number | undefined;
  /** Seconds between the request to stop and the end, for saving. */
  readonly grace: number;
}

/** A command of this program as an engine is to run it. */
export interface Job {
  /** Letters, digits and hyphens; the same for all stages. */
  readonly name: string;
  /** Where there are several. */
  readonly stage?: string | undefined;
  /** What follows `gansynth`. */
  readonly words: readonly Word[];
  /** How many tasks share the work; undefined where one does all of it. */
  readonly tasks?: number | undefined;
  /** Processes of each task, which work together by MPI. */
  readonly processes?: number | undefined;
}

/** What an engine calls a job. */
export const nameOf = ({ name, stage }: Job): string => (stage === undefined ? name : `${name}-${stage}`);

/** Jobs of which each begins when the one before has ended well. */
export type Stages = readonly [Job, ...Job[]];

/** What is the same for all jobs of a submission. */
export interface Site extends Resources {
  readonly engine: EngineName;
  /** Tasks at a time; all of them if undefined, of GNU parallel one a machine. */
  readonly atOnce?: number | undefined;
  /** Where the jobs' output goes. */
  readonly logs: string;
  /** Lines of bash that come first. */
  readonly setup: readonly string[];
  /** Further options of `sbatch` or `parallel`. */
  readonly engineOptions: readonly string[];
  /** Container image. */
  readonly image?: string | undefined;
  /** Name of the persistent volume claim that has the notes and receives the runs. */
  readonly claim: string;
}

/** How often a job goes on that was asked to stop: it ends at last where it does not get anywhere. */
export const mostRestarts = 100;
