/** Status of processes that end because one of them is lost; as sysexits' EX_TEMPFAIL, so that a scheduler tries again. */
export const lostProcessStatus = 75;

const whole = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;

/**
 * Which of how many processes this one is, as an MPI launcher says: in Open MPI's variables, MPICH's (Hydra, `srun --mpi=pmi2`) or those of
 * `srun --mpi=pmix`.
 *
 * @returns undefined where there was no such launcher
 */
export function processOfEnvironment(
  environment: NodeJS.ProcessEnv = process.env,
): { readonly rank: number; readonly ranks: number } | undefined {
  const { OMPI_COMM_WORLD_RANK, OMPI_COMM_WORLD_SIZE, PMI_RANK, PMI_SIZE, PMIX_RANK, SLURM_STEP_NUM_TASKS } = environment;
  const said = [
    [OMPI_COMM_WORLD_RANK, OMPI_COMM_WORLD_SIZE],
    [PMI_RANK, PMI_SIZE],
    [PMIX_RANK ?? PMI_RANK, SLURM_STEP_NUM_TASKS],
  ];
  for (const [one, all] of said) {
    const [rank, ranks] = [whole(one), whole(all)];
    if (rank !== undefined && ranks !== undefined && rank < ranks) return { rank, ranks };
  }
  return undefined;
}
