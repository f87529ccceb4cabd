import { expect, it } from 'vitest';
import { processOfEnvironment } from './mpi-launcher.js';

it.each<[string, NodeJS.ProcessEnv, ReturnType<typeof processOfEnvironment>]>([
  ['nobody', {}, undefined],
  ["Open MPI's mpirun", { OMPI_COMM_WORLD_RANK: '3', OMPI_COMM_WORLD_SIZE: '4' }, { rank: 3, ranks: 4 }],
  ["MPICH's", { PMI_RANK: '0', PMI_SIZE: '2' }, { rank: 0, ranks: 2 }],
  ['srun --mpi=pmix', { PMIX_RANK: '1', SLURM_PROCID: '1', SLURM_STEP_NUM_TASKS: '2' }, { rank: 1, ranks: 2 }],
  ['srun without MPI', { SLURM_PROCID: '1', SLURM_STEP_NUM_TASKS: '2' }, undefined],
  ['numbers that cannot be', { OMPI_COMM_WORLD_RANK: '4', OMPI_COMM_WORLD_SIZE: '4' }, undefined],
])('knows by the environment which process was started by %s', (_, environment, process) => {
  expect(processOfEnvironment(environment)).toEqual(process);
});
