import { execFileSync, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../test-support/packed.js';
import { quoted } from './bash.js';
import { taskShare, type Job, type Site, type Stages } from './job.js';
import { forParallel } from './parallel.js';
import { forSlurm } from './slurm.js';

const site: Site = {
  engine: 'slurm',
  gpus: 0,
  grace: 300,
  logs: '.',
  setup: [],
  engineOptions: [],
  claim: 'gansynth',
};

/** Words that mean something to a shell, to GNU parallel, or to a here-document. */
const hard = [
  '',
  'a b',
  "it's",
  '"quoted"',
  '$HOME',
  '${HOME}',
  '`id`',
  '$(id)',
  '\\',
  'back\\slash\\n',
  'two\nlines\nEND_OF_JOB_0\nEND_OF_JOB_0_',
  '*',
  '~',
  '!x',
  '#no comment',
  '{} {.} {#} {%} {1} {= 1 =}',
  'a;b&c|d>e<f',
  '--',
  '-n',
  'käse ♯',
  '%x-%j',
];

/** Runs a script whose programs are replaced by others. @param programs text of each, for sh */
function runBash(script: string, programs: Record<string, string>, env: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> {
  const cwd = scratch();
  const bin = join(cwd, 'bin');
  mkdirSync(bin);
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/bash\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const path = `${bin}:${process.env['PATH']}`;
  return spawnSync('bash', ['-c', script], { cwd, env: { HOME: cwd, ...env, PATH: path }, encoding: 'utf8' });
}

/** The program as the scripts call it, printing what it was given. */
const shows = String.raw`while [ "$1" != generate ] && [ $# -gt 0 ]; do shift; done; printf '%s\0' "$@"`;
const programs = { node: shows, gansynth: shows, srun: '"$@"' };
const given = (text: string): string[] => text.split('\0').slice(0, -1);
const job: Job = { name: 'gansynth-generate', words: ['generate', '--shard', taskShare, ...hard], tasks: 4 };

/** The program ends so. */
const exits = (code: number): Record<string, string> => ({ ...programs, srun: `exit ${code}`, scontrol: 'echo "scontrol $*"' });
const directives = (text: string): string[] => [...text.matchAll(/^#SBATCH (.*)$/gm)].map(([, option = '']) => option);

describe('words in a script', () => {
  it('are as they were for bash', () => {
    const line = hard.map(quoted).join(' ');
    expect(given(execFileSync('bash', ['-c', String.raw`printf '%s\0' ${line}`], { encoding: 'utf8' }))).toEqual(hard);
  });

  it('of Slurm are as they were, and have the share of the task', () => {
    const { stdout, stderr, status } = runBash(forSlurm([job], site), programs, { SLURM_ARRAY_TASK_ID: '2' });
    expect([status, stderr, given(stdout)]).toEqual([0, '', ['generate', '--shard', '2/4', ...hard]]);
  });

  it('of GNU parallel are as they were, and have the share of the task', () => {
    // As parallel does it: a command line, with the function in the environment.
    const parallel = `while [ "$1" != gansynth_generate ]; do shift; done
for i in 0 3; do bash -c "gansynth_generate $i 1"; done`;
    const { stdout, stderr, status } = runBash(forParallel([job], { ...site, engine: 'parallel' }), { ...programs, parallel });
    expect([status, stderr]).toEqual([0, '']);
    expect(given(stdout)).toEqual([0, 3].flatMap((i) => ['generate', '--shard', `${i}/4`, ...hard]));
  });
});

describe('a script for Slurm', () => {
  const single = forSlurm([{ name: 'gansynth-train', words: ['train', 'mini/quick'] }], site);

  it.each([
    [130, {}, 'scontrol requeue 7\n'],
    [130, { SLURM_RESTART_COUNT: '99' }, 'scontrol requeue 7\n'],
    [130, { SLURM_RESTART_COUNT: '100' }, ''],
    [75, {}, 'scontrol requeue 7\n'],
    [3, {}, ''],
    [1, {}, ''],
    [0, {}, ''],
  ])('queues its job again when the command was stopped, or has lost a process, and not for ever (%i, %j)', (code, env, said) => {
    const { stdout, status } = runBash(single, exits(code), { SLURM_JOB_ID: '7', ...env });
    expect([status, stdout]).toEqual([code, said]);
  });

  it('says what the job needs', () => {
    const most: Site = {
      ...site,
      gpus: 2,
      cpus: 4,
      memory: 10,
      seconds: 86_400 * 2 + 3600 * 12,
      atOnce: 3,
      logs: 'my logs',
      setup: ['module load cuda'],
      engineOptions: ['--partition=gpu'],
    };
    const script = forSlurm([job], most);
    expect(directives(script)).toEqual([
      '--job-name=gansynth-generate',
      '--array=0-3%3',
      '--ntasks=1',
      '--cpus-per-task=4',
      '--mem=10G',
      '--gpus-per-task=2',
      '--time=2-12:00:00',
      '--output="my logs/%x-%A_%a.log"',
      '--open-mode=append',
      '--requeue',
      '--signal=TERM@300',
      '--partition=gpu',
    ]);
    expect(script).toContain('\nmodule load cuda\n');
    expect(script).toContain('srun --cpus-per-task=4 \\\n');
    const together = forSlurm([{ name: 'x', words: ['train', 'y'], processes: 8 }], most);
    expect(directives(together)).toContain('--ntasks=8');
    expect(directives(together)).toContain('--mem-per-cpu=2560M');
    expect(together).toContain('srun --cpus-per-task=4 --mpi=pmix --kill-on-bad-exit=1 \\\n');
  });

  it('submits stages after each other, whatever is in them', () => {
    const stages: Stages = [
      { name: 'all', stage: 'first', words: ['generate', ...hard] },
      { ...job, name: 'all', stage: 'second' },
    ];
    const sbatch = `n=$(cat n 2>/dev/null || echo 10); echo $((n + 1)) > n; echo "$n;cluster"; echo "$*" >> asked; cat > "script-$n"`;
    const { stdout, stderr, status } = runBash(`${forSlurm(stages, site)}cat asked script-10 -- script-11`, { sbatch });
    expect([status, stderr]).toEqual([0, '']);
    const [first, second] = stages.map((one) => forSlurm([one], site));
    expect(stdout).toBe(
      `all-first 10\nall-second 11\n--parsable\n--parsable --kill-on-invalid-dep=yes --dependency=afterok:10\n${first}${second}`,
    );
  });
});

describe('a script for GNU parallel', () => {
  it('gives each of the tasks that run at a time its own GPUs', () => {
    const parallel = `for slot in 1 3; do bash -c "gansynth_generate 0 $slot"; done`;
    const shown = { ...programs, parallel, node: 'echo "$CUDA_VISIBLE_DEVICES"', gansynth: 'echo "$CUDA_VISIBLE_DEVICES"' };
    const { stdout } = runBash(forParallel([job], { ...site, engine: 'parallel', gpus: 2, atOnce: 3 }), shown);
    expect(stdout).toBe('0,1\n4,5\n');
  });
});
