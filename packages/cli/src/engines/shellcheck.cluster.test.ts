import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { taskShare, type Job, type Site, type Stages } from './job.js';
import { forParallel } from './parallel.js';
import { forSlurm } from './slurm.js';

const isThere = spawnSync('shellcheck', ['--version']).status === 0;
if (!isThere) console.warn('skipped: no shellcheck here (Debian: apt-get install shellcheck)');

const site: Site = {
  engine: 'slurm',
  gpus: 2,
  cpus: 4,
  memory: 16,
  seconds: 86_400,
  grace: 300,
  atOnce: 2,
  logs: 'my logs',
  setup: ['export A="b"'],
  engineOptions: ['--nice=1'],
  claim: 'gansynth',
};
const train: Job = { name: 'gansynth-train', words: ['train', 'mini/quick', '--data', "it's mine"], processes: 4 };
const generate: Job = { name: 'gansynth-generate', words: ['generate', '--shard', taskShare, '--out', 'a b'], tasks: 8 };
const stages: Stages = [
  { ...train, processes: 1, name: 'all', stage: 'prepare' },
  { ...generate, name: 'all', stage: 'train' },
];

/** What shellcheck has against a script. */
const found = (script: string): string => spawnSync('shellcheck', ['-'], { input: script, encoding: 'utf8' }).stdout;

describe.skipIf(!isThere)('shellcheck', () => {
  it.each<[string, string]>([
    ['a job of Slurm', forSlurm([generate], site)],
    ['one of several processes', forSlurm([train], site)],
    ['the fewest options', forSlurm([{ name: 'x', words: ['doctor'] }], { ...site, gpus: 0, setup: [], logs: '.' })],
    ['stages of Slurm', forSlurm(stages, site)],
    ['tasks of GNU parallel', forParallel([generate], site)],
    ['stages of GNU parallel', forParallel(stages, { ...site, gpus: 0 })],
  ])('finds nothing in %s', (_, script) => {
    expect(found(script)).toBe('');
  });

  it('finds nothing in the script that starts a cluster, and something in one that is wrong', () => {
    const script = fileURLToPath(new URL('../../../../tools/cluster/slurm-here.sh', import.meta.url));
    expect(spawnSync('shellcheck', [script], { encoding: 'utf8' }).stdout).toBe('');
    expect(found('#!/bin/bash\nrm $1\n')).toContain('SC2086');
  });
});
