const whole = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;

/**
 * How many processes an MPI launcher says that it has started, by Open MPI's variables, MPICH's (Hydra, `srun --mpi=pmi2`) or those of `srun --mpi=pmix`.
 *
 * @returns undefined where there was no such launcher
 */
export function processesOfEnvironment(environment: NodeJS.ProcessEnv = process.env): number | undefined {
  const {
    OMPI_COMM_WORLD_SIZE: openMpi,
    PMI_SIZE: mpich,
    PMIX_RANK: pmix,
    PMI_RANK: pmi,
    SLURM_STEP_NUM_TASKS: tasks,
  } = environment;
  return whole(openMpi) ?? whole(mpich) ?? (pmix !== undefined || pmi !== undefined ? whole(tasks) : undefined);
}
