/** Where a scheduler runs this program: the job, and how often it was started again. */
export interface ScheduledJob {
  /** `slurm 1234`: the same for every start of a job. Undefined where the scheduler gives none. */
  readonly job?: string;
  /** 0 at the first start. */
  readonly restarts: number;
}

const count = (text: string | undefined): number => (text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0);

/**
 * What the environment says of the job that this process belongs to: Slurm's own variables, or those that the manifest of `gansynth submit` fills from a
 * pod's annotations.
 *
 * @returns undefined outside of such a job
 */
export function scheduledJob(environment: NodeJS.ProcessEnv = process.env): ScheduledJob | undefined {
  const {
    SLURM_JOB_ID: slurm,
    SLURM_RESTART_COUNT: starts,
    JOB_INDEX_FAILURE_COUNT: failures,
    JOB_INDEX_IGNORED_FAILURE_COUNT: disruptions,
  } = environment;
  if (slurm !== undefined) return { job: `slurm ${slurm}`, restarts: count(starts) };
  if (failures === undefined && disruptions === undefined) return undefined;
  return { restarts: count(failures) + count(disruptions) };
}
