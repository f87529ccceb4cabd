import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scratch } from '../test-support/packed.js';
import { tinyAutoencoder } from '../families/nsynth-autoencoder/test-support/tiny.js';
import { until } from '../test-support/slurm.js';
import { demoNotes } from '../test-support/trained.js';

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const isThere = spawnSync('mpirun', ['--version']).status === 0;
if (!isThere) console.warn('skipped: no mpirun here (Debian: apt-get install openmpi-bin)');

// One processor each, so that as many work as are asked for.
const environment = { ...process.env, OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' };
const mpi = (ranks: number, words: readonly string[]): string[] => [
  '--oversubscribe',
  '-n',
  `${ranks}`,
  process.execPath,
  program,
  'train',
  ...words,
  '--data',
  'notes',
  '--backend',
  'wasm',
];

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (cwd: string, ranks: number, words: readonly string[]): Promise<Finished> =>
  new Promise((resolve) => {
    execFile('mpirun', mpi(ranks, words), { cwd, env: environment, timeout: 150_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : null) : 0, stdout, stderr });
    });
  });

/** Of the newest checkpoint's tensors. */
function stateOf(folder: string, runs: string): string {
  const [id] = readdirSync(join(folder, runs));
  const checkpoints = join(folder, runs, id!, 'checkpoints');
  const newest = join(checkpoints, readdirSync(checkpoints).sort().at(-1)!);
  const files = readdirSync(newest).filter((name) => !name.endsWith('.json'));
  expect(files.length).toBeGreaterThan(0);
  const hash = createHash('sha256').update(newest.slice(checkpoints.length));
  for (const name of files.sort()) hash.update(readFileSync(join(newest, name)));
  return hash.digest('hex');
}

const gan = {
  name: 'gan',
  data: { samples: 4000, filter: { pitches: [48, 72] } },
  representation: { kind: 'if-mel', frames: 32, bins: 256 },
  normaliser: { kind: 'measured', per: 'channel', examples: 8 },
  model: { family: 'progressive-gan', latentSize: 8, start: [16, 128], blocks: 2, filters: [8, 8, 8] },
  training: { stableImages: 8, transitionImages: 8, totalImages: 20, batchSize: 4, microBatch: 1, learningRate: 0.001, ema: 0.9 },
  saving: { samples: 1 },
};
const recipes: Readonly<Record<string, object>> = {
  gan,
  wavegan: {
    name: 'wavegan',
    data: { samples: 16_000, filter: { pitches: [60, 63] } },
    representation: { kind: 'waveform' },
    normaliser: { kind: 'none' },
    model: { family: 'wavegan', dim: 1, samples: 16_384, phaseShuffle: 0 },
    training: { totalImages: 8, batchSize: 4, microBatch: 1, criticSteps: 2 },
    saving: { samples: 1 },
  },
  wavenet: {
    name: 'wavenet',
    data: { samples: 2048, filter: { pitches: [60, 63] } },
    model: {
      family: 'wavenet',
      layers: 3,
      cycle: 3,
      width: 4,
      skipWidth: 4,
      pitch: { hop: 64, heldSamples: 1024, width: 4, dilations: [2], plainLayers: 1 },
    },
    training: { totalClips: 16, batchSize: 4, microBatch: 1, cropSamples: 256 },
    saving: { samples: 1 },
  },
  autoencoder: { ...tinyAutoencoder, training: { ...tinyAutoencoder.training, totalClips: 8, batchSize: 4, microBatch: 1 } },
};

/** In the order in which they were started. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);

function folderWith(recipe: object): string {
  const folder = scratch();
  demoNotes(folder);
  writeFileSync(join(folder, 'recipe.json'), JSON.stringify(recipe));
  return folder;
}

/** Progress of the newest checkpoint below `runs`. */
function newest(folder: string): number {
  const runs = join(folder, 'runs');
  const [id] = existsSync(runs) ? readdirSync(runs) : [];
  const checkpoints = join(runs, id ?? '', 'checkpoints');
  const names = existsSync(checkpoints) ? readdirSync(checkpoints).filter((entry) => !entry.startsWith('.')) : [];
  return Math.max(0, ...names.map((name) => Number(/\d+$/.exec(name)?.[0] ?? 0)));
}

const saved = (folder: string, before: number): Promise<boolean> =>
  until(`a checkpoint beyond ${before}`, () => newest(folder) > before);

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
}

function started(cwd: string, ranks: number, words: readonly string[]): Started {
  const child = spawn('mpirun', mpi(ranks, words), { cwd, env: environment });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)));
  const ended = new Promise<{ code: number | null; said: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, said })),
  );
  return { child, ended };
}

describe.skipIf(!isThere)('gansynth train by several processes', () => {
  it.each(Object.keys(recipes))('makes of a %s the same run as one, bit for bit', async (name) => {
    const folder = folderWith(recipes[name]!);
    for (const ranks of [1, 2, 4]) {
      const { code, stdout, stderr } = await run(folder, ranks, ['recipe.json', '--runs', `runs-${ranks}`, '--json']);
      expect(code, stderr).toBe(0);
      // One document: only the first process speaks.
      expect(JSON.parse(stdout)).toMatchObject({ finished: true });
      expect(stateOf(folder, `runs-${ranks}`), `${ranks} processes`).toBe(stateOf(folder, 'runs-1'));
    }
  });

  it('goes on with another number of processes, after one was killed, and after all were asked to stop', async () => {
    const recipe = {
      ...gan,
      training: { ...gan.training, stableImages: 60, totalImages: 120 },
      saving: { samples: 1, everySeconds: 0.001 },
    };
    const folder = folderWith(recipe);
    const whole = await run(folder, 2, ['recipe.json', '--runs', 'whole', '-q']);
    expect(whole.code, whole.stderr).toBe(0);
    const begin = (ranks: number) => started(folder, ranks, ['recipe.json', '--runs', 'runs']);
    // Killed: the last of four, when the first checkpoint is there.
    const one = begin(4);
    await saved(folder, 0);
    const children = childrenOf(one.child.pid!);
    expect(children.length).toBeGreaterThanOrEqual(4);
    process.kill(children.at(-1)!, 'SIGKILL');
    expect((await one.ended).code).not.toBe(0);
    const done = newest(folder);
    // Asked to stop: what is sent to mpirun reaches all.
    const two = begin(2);
    await saved(folder, done + 8);
    two.child.kill('SIGTERM');
    const stopped = await two.ended;
    expect(stopped.said).toMatch(/going on at \d+ images/);
    const last = await run(folder, 1, ['recipe.json', '--runs', 'runs', '-q']);
    expect(last.code, last.stderr).toBe(0);
    expect(stateOf(folder, 'runs')).toBe(stateOf(folder, 'whole'));
  });

  it('is stopped by a signal to any of them, which is no success', async () => {
    const folder = folderWith({
      ...gan,
      training: { ...gan.training, totalImages: 4000 },
      saving: { samples: 1, everySeconds: 0.001 },
    });
    const { child, ended } = started(folder, 2, ['recipe.json', '--runs', 'runs', '--micro-batch', '2']);
    await saved(folder, 0);
    process.kill(childrenOf(child.pid!).at(-1)!, 'SIGTERM');
    const { code, said } = await ended;
    expect(code).toBe(130);
    expect(said).toMatch(/Stopped, as one of the processes was asked to\. .* are saved; the same command goes on/);
    expect(said).not.toMatch(/without closing|MPI_ABORT/);
  });

  it('tells once what is wrong with all', async () => {
    const folder = folderWith({ ...gan, training: { ...gan.training, microBatch: 2 } });
    const { code, stderr } = await run(folder, 4, ['recipe.json', '-q']);
    expect(code).toBe(2);
    expect(stderr).toContain('Processes share a batch by its micro-batches: --micro-batch 1');
    expect(stderr.match(/expected 1, 2, 4, 8, \.\.\. micro-batches for each of 4 processes, found 2 for all/g)).toHaveLength(1);
  });
});
