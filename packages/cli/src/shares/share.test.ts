import { describe, expect, it } from 'vitest';
import { share, shareOfEnvironment } from './share.js';

const slurm = (task: number, [min, max, count]: readonly [number, number, number], step = 1): NodeJS.ProcessEnv => ({
  SLURM_ARRAY_TASK_ID: `${task}`,
  SLURM_ARRAY_TASK_MIN: `${min}`,
  SLURM_ARRAY_TASK_MAX: `${max}`,
  SLURM_ARRAY_TASK_COUNT: `${count}`,
  SLURM_ARRAY_TASK_STEP: `${step}`,
});
const gridEngine = (task: number, first: number, last: number, step = 1): NodeJS.ProcessEnv => ({
  SGE_TASK_ID: `${task}`,
  SGE_TASK_FIRST: `${first}`,
  SGE_TASK_LAST: `${last}`,
  SGE_TASK_STEPSIZE: `${step}`,
});

describe('a share', () => {
  it('lies within its number', () => {
    expect(share('2/8')).toEqual({ index: 2, of: 8 });
    for (const bad of ['8/8', '1', 'a/b', '0/0', '-1/2', '1/2/3', '1.5/2', '']) expect(() => share(bad), bad).toThrow();
  });

  it.each<[string, NodeJS.ProcessEnv, number, number]>([
    ['a whole Slurm array', slurm(5, [0, 7, 8]), 5, 8],
    ['an indexed Kubernetes job', { JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: '3' }, 0, 3],
    ['a whole Grid Engine array', gridEngine(4, 1, 4), 3, 4],
    ['Open MPI', { OMPI_COMM_WORLD_RANK: '1', OMPI_COMM_WORLD_SIZE: '2' }, 1, 2],
    ['MPICH', { PMI_RANK: '0', PMI_SIZE: '2' }, 0, 2],
    ['two that agree', { PMI_RANK: '1', PMI_SIZE: '2', OMPI_COMM_WORLD_RANK: '1', OMPI_COMM_WORLD_SIZE: '2' }, 1, 2],
  ])('is what %s says', (_, environment, index, of) => {
    expect(shareOfEnvironment(environment)).toEqual({ index, of });
  });

  it.each<[string, NodeJS.ProcessEnv]>([
    ['one task submitted again', slurm(2, [2, 2, 1])],
    ['the first task submitted again', slurm(0, [0, 0, 1])],
    ['some tasks submitted again', slurm(3, [1, 3, 2], 2)],
    ['tasks 0 and 3 submitted again', slurm(3, [0, 3, 2])],
    ['an array that does not begin at 0', slurm(1, [1, 4, 4])],
    ['every other task', slurm(2, [0, 6, 4], 2)],
    ['an array without its ends', { SLURM_ARRAY_TASK_ID: '1' }],
    ['numbers that are none', { ...slurm(1, [0, 3, 4]), SLURM_ARRAY_TASK_ID: 'x' }],
    ['a task beyond the end', slurm(9, [0, 3, 4])],
    ['a job that does not say its completions', { JOB_COMPLETION_INDEX: '2' }],
    ['PBS, which never says how many', { PBS_ARRAY_INDEX: '1' }],
    ['one Grid Engine task again', gridEngine(3, 3, 3)],
    ['MPI in an array', { ...slurm(1, [0, 3, 4]), OMPI_COMM_WORLD_RANK: '0', OMPI_COMM_WORLD_SIZE: '4' }],
  ])('is asked for where the environment tells of %s', (_, environment) => {
    expect(() => shareOfEnvironment(environment)).toThrow(/--shard 2\/4 for the third of four, or --shard 0\/1 for all of it/);
  });

  it('is not there outside of such a job', () => {
    expect(shareOfEnvironment({})).toBeUndefined();
    expect(shareOfEnvironment({ SGE_TASK_ID: 'undefined' })).toBeUndefined();
  });
});
