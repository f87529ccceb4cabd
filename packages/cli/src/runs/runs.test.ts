import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isAbort } from '@gansynth/common/breathe';
import { namingFile } from '@gansynth/common/node';
import { describe, expect, it, vi } from 'vitest';
import { BusyError } from '../app/errors.js';
import { explainError } from '../app/explain-error.js';
import { parseRecipe } from '../recipes/parse.js';
import { scratch } from '../test-support/packed.js';
import { lockFolder, waitForTurn } from './lock.js';
import { findRun, openRun, recordEnvironment } from './run.js';

const recipe = parseRecipe({ name: 'test/run' });

/** Whether the system tells when a process began. */
const tellsStart = existsSync('/proc/self/stat');

/** A lock that is this process's from now on, and gone when it is released. */
function expectTakenOver(folder: string, before: object): void {
  const lock = lockFolder(folder);
  const held = JSON.parse(readFileSync(join(folder, 'lock.json'), 'utf8')) as Record<string, unknown>;
  expect(held).toMatchObject({ pid: process.pid, host: hostname() });
  expect(held).not.toEqual(before);
  expect(() => lockFolder(folder)).toThrow(BusyError);
  lock.release();
  expect(readdirSync(folder)).toEqual([]);
}

/** Takes a lock that a job's process left on another machine just now. */
const left = (job: string, restarts: number) => (): void => {
  const folder = scratch();
  const holder = { pid: 1, host: 'elsewhere', started: '', since: '', command: 'train', scheduled: { job, restarts } };
  writeFileSync(join(folder, 'lock.json'), JSON.stringify(holder));
  lockFolder(folder).release();
};

describe('a lock', () => {
  it('keeps a second taker out and lets it in afterwards', () => {
    const folder = scratch();
    const lock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(BusyError);
    expect(() => lockFolder(folder)).toThrow(new RegExp(`process ${process.pid} on`));
    lock.release();
    lockFolder(folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is waited for where what is done is done once for all', async () => {
    const path = join(scratch(), 'work', 'turn.json');
    const { signal } = new AbortController();
    const told: string[] = [];
    const first = await waitForTurn(path, signal, (who) => told.push(who));
    let hasIt = false;
    const second = waitForTurn(path, signal, (who) => told.push(who)).then((turn) => {
      hasIt = true;
      return turn;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([hasIt, told]).toEqual([false, [expect.stringContaining(`process ${process.pid} on ${hostname()}`)]]);
    const stopped = AbortSignal.timeout(20);
    const error: unknown = await waitForTurn(path, stopped, () => undefined).catch((reason: unknown) => reason);
    expect(isAbort(error, stopped)).toBe(true);
    first.release();
    (await second).release();
    expect(existsSync(path)).toBe(false);
  });

  it('of a killed process is taken over', async () => {
    const folder = scratch();
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
    const holder = { pid: child.pid, host: hostname(), started: '', since: '', command: '' };
    writeFileSync(join(folder, 'lock.json'), JSON.stringify(holder));
    expect(() => lockFolder(folder)).toThrow(BusyError);
    await new Promise((done) => {
      child.on('close', done);
      child.kill('SIGKILL');
    });
    expectTakenOver(folder, holder);
  });

  it('of a process whose number now belongs to another is taken over', () => {
    const folder = scratch();
    const holder = { pid: process.pid, host: hostname(), started: 'before', since: '', command: '' };
    writeFileSync(join(folder, 'lock.json'), JSON.stringify(holder));
    if (tellsStart) expectTakenOver(folder, holder);
    else expect(() => lockFolder(folder)).toThrow(BusyError);
  });

  it('of a killed process that its parent has not noticed is taken over', async ({ onTestFinished }) => {
    if (!tellsStart) return expect(process.platform).not.toBe('linux');
    const folder = scratch();
    // A shell that starts a process and becomes one that waits for nobody: the child, which ends after that, stays in the table of processes.
    const child = 'until grep -q sleep /proc/$PPID/comm; do sleep 0.01; done';
    const parent = spawn('sh', ['-c', `sh -c '${child}' & echo $!; exec sleep 30`], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void parent.kill('SIGKILL'));
    const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text: Buffer) => resolve(Number(text))));
    const fields = (): string[] => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    while (fields()[0] !== 'Z') await new Promise((resolve) => setTimeout(resolve, 10));
    const holder = { pid, host: hostname(), started: fields()[19], since: 'x', command: 'train' };
    writeFileSync(join(folder, 'lock.json'), JSON.stringify(holder));
    expectTakenOver(folder, holder);
  });

  it('that an earlier start of the same job left on another machine is taken over, and no other job', () => {
    vi.stubEnv('SLURM_JOB_ID', '12');
    vi.stubEnv('SLURM_RESTART_COUNT', '1');
    try {
      expect(left('slurm 12', 0)).not.toThrow();
      // Another step of this start, another job.
      for (const other of [left('slurm 12', 1), left('slurm 13', 0)]) expect(other).toThrow(BusyError);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('of another machine counts while it is fresh', () => {
    const folder = scratch();
    writeFileSync(
      join(folder, 'lock.json'),
      JSON.stringify({ pid: 1, host: 'elsewhere', started: '', since: '', command: 'train' }),
    );
    expect(() => lockFolder(folder)).toThrow(/process 1 on elsewhere/);
  });
});

describe('a run', () => {
  it('is made once and taken up again', async () => {
    const root = scratch();
    const first = await openRun(root, recipe);
    expect(first.isNew).toBe(true);
    await expect(openRun(root, recipe)).rejects.toThrow(BusyError);
    first.lock.release();
    const second = await openRun(root, recipe);
    expect(second.isNew).toBe(false);
    second.lock.release();
    expect(findRun(first.id, root).folder).toBe(first.folder);
    expect(findRun('test/run', root).id).toBe(first.id);
  });

  it('refuses a folder that holds something else', async () => {
    const root = scratch();
    const { id, folder, lock } = await openRun(root, recipe);
    lock.release();
    const other = scratch();
    mkdirSync(join(other, id));
    writeFileSync(join(other, id, 'thesis.tex'), 'x');
    await expect(openRun(other, recipe)).rejects.toThrow(/found a folder without recipe\.json/);
    expect(readFileSync(join(other, id, 'thesis.tex'), 'utf8')).toBe('x');
    writeFileSync(join(folder, 'recipe.json'), JSON.stringify({ ...recipe, seed: 9 }));
    await expect(openRun(root, recipe)).rejects.toThrow(/it was edited/);
    expect(existsSync(join(folder, 'lock.json'))).toBe(false);
  });

  it('that is not there is refused with the names of those that are', async () => {
    const root = scratch();
    expect(() => findRun('nothing', root)).toThrow(/gansynth train makes one/);
    (await openRun(root, recipe)).lock.release();
    expect(() => findRun('test-run-', root)).toThrow(/run-[0-9a-f]{8}/);
    expect(() => findRun(root, root)).toThrow(/expected a run folder/);
  });

  it('is found by what names it, and never because it is the only one', async () => {
    const root = scratch();
    const { id, lock } = await openRun(root, recipe);
    lock.release();
    for (const name of [id, 'run', 'run-', 'test/run']) expect(findRun(name, root).id, name).toBe(id);
    for (const name of ['', 'typo/', 'foo/r', 'other/run', 'test/', 'test/r', '/', ' ']) {
      expect(() => findRun(name, root), name).toThrow(/expected a run/);
    }
    expect(() => findRun('', root)).toThrow(/an empty name: expected a run, found none of that name/);
    const file = join(root, 'file');
    writeFileSync(file, '');
    expect(() => findRun(file, root)).toThrow(/found a file/);
  });

  it('is the one named in full even where another begins the same', async () => {
    const root = scratch();
    const first = await openRun(root, recipe);
    first.lock.release();
    mkdirSync(join(root, `${first.id}-copy`));
    writeFileSync(join(root, `${first.id}-copy`, 'recipe.json'), JSON.stringify(recipe));
    expect(findRun(first.id, root).id).toBe(first.id);
    expect(() => findRun('run-', root)).toThrow(/expected one run, found/);
  });
});

const system = (code: string) => Object.assign(new Error(code), { code, syscall: 'write', path: '/runs/x' });

describe('what a run keeps', () => {
  it('is refused by name where it was edited into something else', async () => {
    const root = scratch();
    const run = await openRun(root, recipe);
    writeFileSync(run.paths.environment, '[{"backend":"cpu"}]');
    const backend = { name: 'cpu', detail: 'test' } as const;
    await expect(recordEnvironment(run, backend)).rejects.toThrow(
      /environment\.json: expected what gansynth writes into environment\.json/,
    );
    writeFileSync(run.paths.environment, '[]');
    await recordEnvironment(run, backend);
    expect(JSON.parse(readFileSync(run.paths.environment, 'utf8'))).toMatchObject([{ backend: 'cpu' }]);
    run.lock.release();
  });
});

describe('errors of the system', () => {
  it('name the file that could not be written, and keep their own name for it', async () => {
    const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' });
    expect(explainError(namingFile(full, '/runs/lock.json')).message).toMatch(/^\/runs\/lock.json: the disk is full/);
    expect(explainError(namingFile(system('ENOSPC'), '/runs/lock.json')).message).toMatch(/^\/runs\/x: /);
    expect(namingFile('text', '/x')).toBe('text');
  });

  it.each([
    ['ENOSPC', 4, /the disk is full.*make room/],
    ['EROFS', 4, /read-only/],
    ['EACCES', 4, /permission denied/],
    ['ENOENT', 3, /no such file/],
  ])('%s becomes a message with a cure', (code, exitCode, message) => {
    const explained = explainError(system(code));
    expect(explained.exitCode).toBe(exitCode);
    expect(explained.message).toMatch(message);
    expect(explained.stack).toBeUndefined();
  });

  it('nobody foresaw keep their stack', async () => {
    expect(explainError(new TypeError('x is undefined'))).toMatchObject({
      exitCode: 1,
      stack: expect.stringContaining('TypeError'),
    });
  });

  it('also reach the user from a folder that cannot be written to', async () => {
    const root = scratch();
    chmodSync(root, 0o500);
    try {
      (await openRun(root, recipe)).lock.release();
      // The superuser may write anywhere.
      expect(process.getuid?.()).toBe(0);
    } catch (error) {
      expect(explainError(error).exitCode).toBe(4);
    } finally {
      chmodSync(root, 0o700);
    }
  });
});
