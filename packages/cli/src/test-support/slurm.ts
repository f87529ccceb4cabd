import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';

const cluster = fileURLToPath(new URL('../../../../tools/cluster/slurm-here.sh', import.meta.url));
const PATH = `${process.env['PATH']}:/usr/sbin`;

const missing = ['slurmctld', 'slurmd', 'sbatch', 'munged'].filter(
  (program) => spawnSync('sh', ['-c', `command -v ${program}`], { env: { PATH } }).status !== 0,
);

/** Why no cluster can be started here; undefined where one can. */
export const noSlurm: string | undefined =
  missing.length > 0
    ? `no ${missing.join(', ')} here (Debian: tools/cluster/slurm-here.sh install)`
    : process.getuid?.() === 0
      ? undefined
      : 'a cluster of this machine is started as root alone';

/** A Slurm cluster of this machine alone. */
export interface Slurm {
  /** For the program, and for Slurm's own. */
  readonly env: { readonly SLURM_CONF: string };
  /** Runs one of Slurm's programs. @returns what it says */
  run(program: string, ...words: string[]): string;
  /** Jobs of an id, or their tasks (`4_1`), that are in these states. */
  jobs(id: string, states?: string): string[];
  /** Waits for something that a job does. @throws if it ends without */
  during<Value>(id: string, what: string, look: () => Value | undefined | false): Promise<Value>;
  /** Waits until none of a job's tasks is left. @throws if they need too long */
  ended(...ids: string[]): Promise<void>;
  /** A job's fields. @param id of a job or task */
  fields(id: string): Record<string, string>;
  /** Begins what was queued again in some seconds, instead of the two minutes after which Slurm does. */
  startSoon(id: string): Promise<void>;
}

/** Milliseconds. Only what hangs needs so long. */
export const patience = 600_000;

/** Waits for something. @throws if it needs too long */
export async function until<Value>(what: string, look: () => Value | undefined | false): Promise<Value> {
  for (const began = Date.now(); ; await sleep(100)) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() - began > patience) throw new Error(`test-support: expected ${what}, waited in vain`);
  }
}

/** Starts a cluster for the tests of a file, and ends it after them. */
export function slurmForTests(): Slurm {
  const folder = mkdtempSync(join(tmpdir(), 'gansynth-slurm-'));
  const env = { SLURM_CONF: join(folder, 'slurm.conf') };
  beforeAll(() => void execFileSync(cluster, ['start', folder], { stdio: ['ignore', 'ignore', 'inherit'] }));
  afterAll(() => {
    spawnSync('scancel', ['--user=root'], { env: { PATH, ...env } });
    execFileSync(cluster, ['stop', folder], { stdio: 'ignore' });
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  const run = (program: string, ...words: string[]): string =>
    execFileSync(program, words, { env: { ...process.env, ...env }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  const jobs = (id: string, states = 'PENDING,RUNNING,COMPLETING'): string[] =>
    run('squeue', '--noheader', '--array', '--format=%i', `--jobs=${id}`, `--states=${states}`).split('\n').filter(Boolean);
  const fields = (id: string): Record<string, string> =>
    Object.fromEntries(
      [...run('scontrol', '--oneliner', 'show', 'job', id).matchAll(/(\w+)=(\S*)/g)].map(([, name = '', value = '']) => [
        name,
        value,
      ]),
    );
  return {
    env,
    run,
    jobs,
    fields,
    during: (id, what, look) =>
      until(what, () => {
        const runs = jobs(id).length > 0;
        const found = look();
        if (!runs && (found === undefined || found === false))
          throw new Error(`test-support: expected ${what}, found job ${id} ended`);
        return found;
      }),
    ended: (...ids) => until(`jobs ${ids.join(', ')} to end`, () => jobs(ids.join(',')).length === 0).then(() => undefined),
    async startSoon(id) {
      await until(`job ${id} to be queued again`, () => fields(id)['JobState'] === 'PENDING');
      // In the second in which it was ended the node refuses it, and while its last step is being put away PMIx does (srun then ends with 0).
      run('scontrol', 'update', `JobId=${id}`, 'StartTime=now+8');
    },
  };
}
