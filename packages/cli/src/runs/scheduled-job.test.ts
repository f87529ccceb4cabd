import { expect, it } from 'vitest';
import { scheduledJob } from './scheduled-job.js';

it.each<[string, NodeJS.ProcessEnv, ReturnType<typeof scheduledJob>]>([
  ['nowhere', { PATH: '/bin' }, undefined],
  ['a job of Slurm', { SLURM_JOB_ID: '12' }, { job: 'slurm 12', restarts: 0 }],
  ['one that was queued again', { SLURM_JOB_ID: '12', SLURM_RESTART_COUNT: '2' }, { job: 'slurm 12', restarts: 2 }],
  ['the first pod of an index', { JOB_INDEX_FAILURE_COUNT: '', JOB_INDEX_IGNORED_FAILURE_COUNT: '' }, { restarts: 0 }],
  ['a later one', { JOB_INDEX_FAILURE_COUNT: '1', JOB_INDEX_IGNORED_FAILURE_COUNT: '3' }, { restarts: 4 }],
])('a process knows its scheduled job: %s', (_, environment, job) => {
  expect(scheduledJob(environment)).toEqual(job);
});
