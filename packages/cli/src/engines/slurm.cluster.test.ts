import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Ledger } from '../reproduce/ledger.js';
import { autoencoder, chooseRows, rows } from '../reproduce/rows.js';
import { loadRecipe } from '../recipes/library.js';
import { readRunLog, type LogLine } from '../runs/run-log.js';
import { gansynth, scratch } from '../test-support/packed.js';
import { noSlurm, patience, slurmForTests } from '../test-support/slurm.js';
import { demoNotes } from '../test-support/trained.js';

if (noSlurm !== undefined) console.warn(`skipped: ${noSlurm}`);

/** A folder's files of one kind, by name. */
const filesOf = (folder: string, end: string): Map<string, Buffer> =>
  new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith(end))
      .sort()
      .map((name) => [name, readFileSync(join(folder, name))]),
  );

/** The log of the one run of a folder; nothing where there is none yet. */
function logOf(cwd: string): LogLine[] {
  const [run] = existsSync(join(cwd, 'runs')) ? readdirSync(join(cwd, 'runs')) : [];
  const file = join(cwd, 'runs', run ?? '', 'log', 'log.jsonl');
  return run !== undefined && existsSync(file) ? readRunLog(file) : [];
}

// Jobs start one process after the other.
describe.skipIf(noSlurm !== undefined)('gansynth submit --engine slurm --go', { timeout: patience }, () => {
  const slurm = noSlurm === undefined ? slurmForTests() : undefined!;

  /** Submits a command. @returns the job's id */
  async function submit(cwd: string, options: readonly string[], words: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await gansynth(['submit', '--engine', 'slurm', ...options, '--go', '--', ...words], {
      cwd,
      env: slurm.env,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return /^(\d+)$/m.exec(stdout)![1]!;
  }

  it('makes the notes of an undivided work, though one task is preempted and one is killed and submitted again alone', async () => {
    const cwd = scratch();
    const words = ['generate', '--count', '80', '--pitches', 'C4'];
    const whole = gansynth([...words, '--out', 'whole'], { cwd });
    const divided = [...words, '--out', "it's $HOME"];
    const id = await submit(cwd, ['--array', '4', '--logs', 'the logs'], divided);
    const out = join(cwd, "it's $HOME");
    const begun = (task: number): boolean => existsSync(join(out, '.shares', `${task}-of-4.json`));
    await slurm.during(id, 'tasks 1 and 2 to begin', () => begun(1) && begun(2));
    slurm.run('scancel', '--signal=KILL', `${id}_2`);
    slurm.run('scontrol', 'requeue', `${id}_1`);
    await slurm.startSoon(`${id}_1`);
    await slurm.ended(id);
    expect(slurm.fields(`${id}_1`)).toMatchObject({ JobState: 'COMPLETED', Restarts: '1' });
    expect(slurm.fields(`${id}_2`)).toMatchObject({ JobState: 'CANCELLED' });
    const printed = await gansynth(['submit', '--engine', 'slurm', '--array', '4', '--', ...divided], { cwd });
    writeFileSync(join(cwd, 'again.sh'), printed.stdout);
    const again = slurm.run('sbatch', '--parsable', `--chdir=${cwd}`, '--array=2', join(cwd, 'again.sh'));
    await slurm.ended(again);
    expect(slurm.fields(`${again}_2`)).toMatchObject({ JobState: 'COMPLETED' });
    expect((await whole).status).toBe(0);
    const [notes, others] = [filesOf(out, '.wav'), filesOf(join(cwd, 'whole'), '.wav')];
    expect(notes.size).toBe(80);
    expect([...notes.keys()]).toEqual([...others.keys()]);
    for (const [name, bytes] of notes) expect(bytes.equals(others.get(name)!), name).toBe(true);
    expect(readdirSync(join(cwd, 'the logs')).sort()).toEqual([0, 1, 2, 3].map((task) => `gansynth-generate-${id}_${task}.log`));
  });

  it('goes on with a training that was asked to stop, and counts its restarts', async () => {
    const cwd = scratch();
    demoNotes(cwd);
    const words = ['train', 'mini/smoke', '--images', '160', '--data', 'notes'];
    const undisturbed = gansynth([...words, '--runs', 'others'], { cwd });
    const id = await submit(cwd, ['--grace', '10', '--name', 'small'], words);
    const log = (): LogLine[] => logOf(cwd);
    const steps = (restarts: number): boolean => {
      const session = log().findLastIndex((line) => line.type === 'session' && line['restarts'] === restarts);
      return (
        session >= 0 &&
        log()
          .slice(session)
          .some(({ type }) => type === 'step')
      );
    };
    // What Slurm does before the end of a job's time: the job's own script queues it again.
    await slurm.during(id, 'steps', () => steps(0));
    slurm.run('scancel', '--signal=TERM', id);
    await slurm.startSoon(id);
    // What Slurm does to a job whose machine others want.
    await slurm.during(id, 'steps after a restart', () => steps(1));
    slurm.run('scontrol', 'requeue', id);
    await slurm.startSoon(id);
    await slurm.ended(id);
    expect(slurm.fields(id)).toMatchObject({ JobState: 'COMPLETED', Restarts: '2', JobName: 'small' });
    const said = log().filter(({ type }) => type === 'session' || type === 'end');
    expect(said.map((line) => [line['job'], line['restarts'], line['reason']])).toEqual([
      [`slurm ${id}`, 0, undefined],
      [undefined, undefined, 'aborted'],
      [`slurm ${id}`, 1, undefined],
      [undefined, undefined, 'aborted'],
      [`slurm ${id}`, 2, undefined],
      [undefined, undefined, 'complete'],
    ]);
    expect((await undisturbed).status).toBe(0);
    const [run] = readdirSync(join(cwd, 'runs'));
    // Each save gives the weights another name.
    const weights = (runs: string): Buffer[] => [...filesOf(join(cwd, runs, run!, 'model'), '.bin').values()];
    expect(weights('runs')).toHaveLength(1);
    expect(weights('runs')[0]!.equals(weights('others')[0]!)).toBe(true);
  });

  it('trains by several processes, which stop and go on together', async ({ skip }) => {
    try {
      slurm.run('srun', '--mpi=pmix', 'true');
    } catch (error) {
      skip(`Slurm has no PMIx here (Debian: tools/cluster/slurm-here.sh install): ${String(error)}`);
    }
    const cwd = scratch();
    demoNotes(cwd);
    const recipe = loadRecipe('mini/smoke');
    writeFileSync(join(cwd, 'recipe.json'), JSON.stringify({ ...recipe, training: { ...recipe.training, microBatch: 1 } }));
    const words = ['train', 'recipe.json', '--images', '160', '--data', 'notes'];
    const id = await submit(cwd, ['--processes', '2'], words);
    await slurm.during(id, 'steps', () => logOf(cwd).some(({ type }) => type === 'step'));
    slurm.run('scancel', '--signal=TERM', id);
    await slurm.startSoon(id);
    await slurm.ended(id);
    expect(slurm.fields(id), readFileSync(join(cwd, `gansynth-train-${id}.log`), 'utf8')).toMatchObject({
      JobState: 'COMPLETED',
      Restarts: '1',
    });
    const said = logOf(cwd).filter(({ type }) => type === 'session' || type === 'end');
    expect(said.map((line) => [line['processes'], line['restarts'], line['reason']])).toEqual([
      [2, 0, undefined],
      [undefined, undefined, 'aborted'],
      [2, 1, undefined],
      [undefined, undefined, 'complete'],
    ]);
  });

  it('trains a sweep', async () => {
    const cwd = scratch();
    demoNotes(cwd);
    const grid = { 'training.learningRate': [0.001, 0.002], 'model.latentSize': [8, 4], 'training.totalImages': [24] };
    writeFileSync(join(cwd, 'sweep.json'), JSON.stringify({ recipe: 'mini/smoke', grid }));
    const id = await submit(cwd, ['--array', '4', '--at-once', '2'], ['sweep', 'train', 'sweep.json', '--data', 'notes']);
    await slurm.ended(id);
    const { stdout } = await gansynth(['sweep', 'list', 'sweep.json', '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ points: [0, 1, 2, 3].map((index) => ({ index, state: 'finished' })) });
  });

  it('tells what sbatch refuses', async () => {
    const words = ['submit', '--engine', 'slurm', '--engine-option=--partition=nowhere', '--go', '--', 'generate'];
    const { status, stderr } = await gansynth(words, { env: slurm.env });
    expect({ status, stderr }).toEqual({
      status: 4,
      stderr: expect.stringMatching(/invalid partition specified: nowhere.*expected sbatch to end well/s),
    });
  });

  it('has the whole comparison made by one command', async () => {
    // A row of each family: all of them are trained by the test of the command itself.
    const chosen = chooseRows(['if-mel-h', 'wavenet-8bit', 'wavegan', 'nsynth-autoencoder']);
    const cwd = scratch();
    const words = ['reproduce', ...chosen.map(({ id }) => id), '--scale', 'smoke', '--to', 'out', '--engine', 'slurm', '--go'];
    const { status, stdout, stderr } = await gansynth(words, { cwd, env: slurm.env });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const ids = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    expect(ids.map(([name]) => name)).toEqual(['prepare', 'train', 'score'].map((stage) => `gansynth-reproduce-${stage}`));
    const [prepare, train, score] = ids.map(([, id]) => id!);
    expect(slurm.fields(train!)['Dependency']).toMatch(new RegExp(`^afterok:${prepare}\\(unfulfilled\\)`));
    expect(slurm.fields(score!)['Dependency']).toMatch(new RegExp(`^afterok:${train}_\\*`));
    expect(slurm.jobs(train!)).toHaveLength(chosen.length);
    await slurm.ended(prepare!, train!, score!);
    const ledger = JSON.parse(readFileSync(join(cwd, 'out', 'ledger.json'), 'utf8')) as Ledger;
    const others = rows.filter((row) => !chosen.includes(row));
    const why = 'its training has not begun; it was not asked for';
    expect([ledger.failed, ledger.notRun]).toEqual([[], others.map(({ id }) => ({ row: id, seed: 0, why }))]);
    expect(ledger.results.map(({ row, training }) => [row, training?.seed])).toEqual([
      ['real-data', undefined],
      ...chosen.filter((row) => row !== autoencoder).map(({ id }) => [id, 0]),
    ]);
    expect(readFileSync(join(cwd, 'out', 'paper.html'), 'utf8')).toContain('WaveGAN');
  });

  it('lets nothing wait for a stage that has failed', async () => {
    const cwd = scratch();
    const words = ['reproduce', 'if', '--data', 'nothing', '--to', 'out', '--engine', 'slurm', '--go'];
    const { stdout } = await gansynth(words, { cwd, env: slurm.env });
    const ids = [...stdout.matchAll(/ (\d+)$/gm)].map(([, id]) => id!);
    expect(ids).toHaveLength(3);
    await slurm.ended(...ids);
    expect(ids.map((id) => slurm.fields(id)['JobState'])).toEqual(['FAILED', 'CANCELLED', 'CANCELLED']);
    expect(readFileSync(join(cwd, `gansynth-reproduce-prepare-${ids[0]}.log`), 'utf8')).toMatch(/nothing: expected/);
  });
});
