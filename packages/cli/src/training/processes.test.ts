import { describe, expect, it } from 'vitest';
import { UsageError } from '../app/errors.js';
import { joinProcesses, shareMachine } from './processes.js';

describe('processes that train together', () => {
  it('are not looked for where one was started alone', async () => {
    expect(await joinProcesses({}, {})).toBeUndefined();
    expect(await joinProcesses({}, { OMPI_COMM_WORLD_RANK: '0', OMPI_COMM_WORLD_SIZE: '1' })).toBeUndefined();
    expect(await joinProcesses({}, { SLURM_STEP_NUM_TASKS: '1', SLURM_PROCID: '0' })).toBeUndefined();
  });

  it("are refused where they are Slurm's tasks that know nothing of each other", async () => {
    const joined = joinProcesses({}, { SLURM_STEP_NUM_TASKS: '4', SLURM_PROCID: '2' });
    await expect(joined).rejects.toThrow(UsageError);
    await expect(joined).rejects.toThrow(/found 4 tasks that do not know of each other. Start them by srun --mpi=pmix/);
  });

  it.each<[string, { localRank: number; localRanks: number }, string | undefined, string | undefined]>([
    ['its own of all', { localRank: 1, localRanks: 2 }, undefined, '1'],
    ['its own of those it may use', { localRank: 1, localRanks: 2 }, '4,6', '6'],
    ['one that others have too, where there are fewer', { localRank: 3, localRanks: 4 }, '4,6', '6'],
    ['the one that a scheduler gave it', { localRank: 1, localRanks: 2 }, '5', '5'],
    ['all, where it is alone', { localRank: 0, localRanks: 1 }, '4,6', '4,6'],
  ])('take of the GPUs %s', (_, place, before, after) => {
    const environment: NodeJS.ProcessEnv = before === undefined ? {} : { CUDA_VISIBLE_DEVICES: before };
    shareMachine(place, environment);
    expect(environment['CUDA_VISIBLE_DEVICES']).toBe(after);
  });
});
