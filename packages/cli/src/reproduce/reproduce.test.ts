import { describe, expect, it, vi } from 'vitest';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Context } from '../app/command.js';
import { createProgress } from '../app/progress.js';
import { startBackend } from '../backend/options.js';
import { familyOf } from '../families/index.js';
import { loadRecipe } from '../recipes/library.js';
import type { Recipe } from '../recipes/recipe.js';
import { undivided } from '../shares/shard-option.js';
import { inProcess } from '../test-support/in-process.js';
import { gansynth, scratch } from '../test-support/packed.js';
import { folders } from './folders.js';
import { jobsOf } from './jobs.js';
import type { Ledger } from './ledger.js';
import { reproduce } from './reproduce.js';
import { autoencoder, chooseRows, rows } from './rows.js';
import { scaleNames, scales } from './scales.js';

const recipesOf = (scale: (typeof scaleNames)[number]): Map<string, Recipe> =>
  new Map(rows.map(({ id }) => [id, loadRecipe(`${scales[scale].recipes}/${id}`)]));

const writeJsonSync = (path: string, value: unknown): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(value));
};

/** Everything but what a row may differ in. */
const without = (recipe: Recipe, ...paths: readonly string[]): unknown => {
  const copy = structuredClone(recipe) as unknown as Record<string, Record<string, unknown>>;
  for (const path of ['name', 'description', ...paths]) {
    const [field, member] = path.split('.') as [string, string | undefined];
    if (member === undefined) delete copy[field];
    else delete copy[field]?.[member];
  }
  return copy;
};

describe.each(scaleNames)('the recipes of --scale %s', (scale) => {
  const recipes = recipesOf(scale);
  const of = (id: string): Recipe => recipes.get(id)!;
  const spectral = ['if-mel-h', 'if-h', 'phase-h', 'if-mel', 'if', 'phase'];

  it('are of one collection', () => {
    const coder = loadRecipe(`${scales[scale].recipes}/${autoencoder.id}`);
    for (const [id, recipe] of [...recipes, [autoencoder.id, coder] as const])
      expect([id, recipe.data]).toEqual([id, of('if-mel-h').data]);
  });

  it('differ in the representation alone where that is what a row is about', () => {
    for (const id of spectral) {
      expect([id, without(of(id), 'representation', 'normaliser', 'model.start')]).toEqual([
        id,
        without(of('if-mel-h'), 'representation', 'normaliser', 'model.start'),
      ]);
    }
    const pixels = spectral.map((id) => {
      const { representation } = of(id) as Recipe & { representation: { frames: number; bins: number } };
      return representation.frames * representation.bins;
    });
    expect(new Set(pixels).size).toBe(1);
    expect(without(of('if-mel-h-l1'), 'training.l1')).toEqual(without(of('if-mel-h'), 'training.l1'));
    expect(without(of('wavenet-8bit'), 'model.output')).toEqual(without(of('wavenet-16bit'), 'model.output'));
    const onWaveforms = ['training.progressive', 'training.totalImages', 'training.stableImages', 'training.transitionImages'];
    expect(without(of('waveform-gan'), ...onWaveforms)).toEqual(without(of('waveform-gan-progressive'), ...onWaveforms));
    // Of their own are the shape of the image, and how many make up as much arithmetic.
    const own = ['representation', 'normaliser', 'model.start', 'training.totalImages'];
    expect(without(of('harmonic'), ...own)).toEqual(without(of('if-mel-h'), ...own));
    // Of another shape altogether, but taught in the same way.
    const taught = (id: string): unknown =>
      (without(of(id), ...onWaveforms, 'training.batchSize') as { training: unknown }).training;
    expect(taught('waveform-gan')).toEqual(taught('if-mel-h'));
    // As its authors have it (Donahue et al. 2019, appendix).
    expect(of('wavegan').training).toMatchObject({ learningRate: 1e-4, beta1: 0.5, beta2: 0.9, criticSteps: 5 });
  });

  it('give every row as much arithmetic, where this project chose it', async () => {
    const coder = [autoencoder.id, loadRecipe(`${scales[scale].recipes}/${autoencoder.id}`)] as const;
    const costs = await Promise.all(
      [...recipes, coder].map(async ([id, recipe]) => ({ id, flop: (await familyOf(recipe).cost(recipe)).flop })),
    );
    const first = costs.find(({ id }) => id === 'if-mel-h')!.flop;
    for (const { id, flop } of costs) {
      if (spectral.includes(id) || id === 'if-mel-h-l1') expect([id, flop / first]).toEqual([id, expect.closeTo(1, 2)]);
      else if (scale === 'mini') expect([id, Math.abs(flop / first - 1) < 0.06]).toEqual([id, true]);
    }
  });
});

describe('rows', () => {
  it('are found by name, in the order of the table', () => {
    expect(chooseRows(['wavegan', 'if-h']).map(({ id }) => id)).toEqual(['if-h', 'wavegan']);
    expect(chooseRows([])).toEqual([...rows, autoencoder]);
    expect(chooseRows(['nsynth-autoencoder', 'if'])).toEqual([expect.objectContaining({ id: 'if' }), autoencoder]);
    expect(() => chooseRows(['if-mle'])).toThrow(/Did you mean if-mel\?/);
  });
});

describe('gansynth reproduce', () => {
  // Thirteen trainings in a row, so it may take longer than others.
  it('trains, scores and shows every row, and does nothing twice', async () => {
    const cwd = scratch();
    const { status, stdout, stderr } = await gansynth(['reproduce', '--to', 'all'], { cwd });
    expect(status, stderr).toBe(0);
    const ledger = JSON.parse(readFileSync(join(cwd, 'all', 'ledger.json'), 'utf8')) as Ledger;
    expect(ledger.results.map(({ row }) => row)).toEqual(['real-data', ...rows.map(({ id }) => id)]);
    expect([ledger.failed, ledger.notRun]).toEqual([[], []]);
    // The notes themselves, all of which are learned from.
    const [real, ...trained] = ledger.results;
    expect([real?.training, real?.scores.frechetDistance.distance, real?.scores.ndb.ndbOverK]).toEqual([
      null,
      expect.closeTo(0, 3),
      0,
    ]);
    expect(ledger).toMatchObject({ caption: scales.smoke.caption, listening: null });
    expect(ledger.autoencoder).toMatchObject({ seed: 0, recipe: 'smoke-paper/nsynth-autoencoder', done: 16, unit: 'clips' });
    for (const { row, training, scores, conditions } of trained) {
      // Nearly all weights of every network have moved: a few biases may be left alone.
      for (const share of Object.values(training!.learned)) expect([row, share > 0.5]).toEqual([row, true]);
      expect(scores.conditions.classifier).toBe(ledger.classifier.hash);
      expect(scores.conditions.reference).toBe(trained[0]!.scores.conditions.reference);
      expect(conditions.notes).toBe(ledger.notes.fingerprint);
      expect(training!.sessions).toEqual([
        expect.objectContaining({ backend: ledger.environment.backend, cpu: ledger.environment.cpu }),
      ]);
    }
    // A note of every row on every backend that runs here; plain JavaScript and WebAssembly do.
    for (const backend of ['wasm', 'cpu'])
      expect(ledger.latencies.filter((row) => row.backend === backend).map(({ model }) => model)).toEqual(
        rows.map(({ title }) => title),
      );
    const page = readFileSync(join(cwd, 'all', 'paper.html'), 'utf8');
    for (const { title } of rows) expect(page).toContain(title);
    expect(page).toContain('Kendall');
    expect(page).toContain('autoencoder has them');
    // Four notes of each row, and of real data.
    expect(page.split('data:audio/wav').length - 1).toBe(4 * rows.length + 4);
    for (const figure of ['phases', 'coherence', 'interpolation', 'octaves', 'prelude', 'bins', 'latency'])
      expect(existsSync(join(cwd, 'all', 'figures', `${figure}.svg`)), figure).toBe(true);
    expect(page.match(/Figures? \d/g)).toEqual(['Figure 1', 'Figure 3', 'Figure 4', 'Figure 7', 'Figure 7', 'Figures 5']);
    expect(stdout).toContain('paper.html');

    // Scores and sounds that are gone, and scores of an earlier version, are had again, and nothing else is; whichever rows are asked for,
    // the page has all that was scored.
    rmSync(join(cwd, 'all', 'results', 'if-seed-0.json'));
    const phase = join(cwd, 'all', 'results', 'phase-seed-0.json');
    const kept = JSON.parse(readFileSync(phase, 'utf8')) as { scores: { generated: { inceptionScore: { classes?: number } } } };
    delete kept.scores.generated.inceptionScore.classes;
    writeJsonSync(phase, { ...kept, format: 1 });
    rmSync(join(cwd, 'all', 'sounds', 'wavegan'), { recursive: true });
    const models = ['IF', 'my own'].map((model) => ({ model, wins: 1, ties: 0, losses: 1, comparisons: 2, meanPreference: 0 }));
    const score = {
      models,
      kruskalWallis: { statistic: 0, degreesOfFreedom: 1, pValue: 1 },
      comparisons: [],
      agreement: null,
      answers: 2,
      listeners: 1,
      catches: [],
    };
    const heard = { kind: 'gansynth-listening-scores', format: 1, test: 't', score, files: [], superseded: [], unfinished: [] };
    writeJsonSync(join(cwd, 'heard.json'), heard);
    const again = await gansynth(['reproduce', 'if', 'phase', 'wavegan', '--to', 'all', '--listening', 'heard.json'], { cwd });
    expect(again.status, again.stderr).toBe(0);
    expect(again.stderr.match(/scoring/g)).toHaveLength(2);
    expect(readFileSync(join(cwd, 'all', 'paper.html'), 'utf8')).not.toContain('[NaN');
    expect(again.stderr).toMatch(/models that are no rows.*: my own \(rows: real-data, if-mel-h/);
    expect(readFileSync(join(cwd, 'all', 'paper.html'), 'utf8')).toContain('<td>1 of 2');
    expect(existsSync(join(cwd, 'all', 'figures', 'wins.svg'))).toBe(true);
    expect(readFileSync(join(cwd, 'all', 'paper.html'), 'utf8').split('data:audio/wav').length - 1).toBe(4 * rows.length + 4);
    expect(JSON.parse(readFileSync(join(cwd, 'all', 'ledger.json'), 'utf8'))).toMatchObject({
      results: ledger.results.map(({ row, scores: { ndb, frechetDistance } }) => ({ row, scores: { ndb, frechetDistance } })),
      latencies: ledger.latencies,
      failed: [],
      notRun: [],
      autoencoder: ledger.autoencoder,
      listening: heard,
    });
  }, 900_000);

  it('says so on the page where a training taught nothing, and goes on with the others', async () => {
    const cwd = scratch();
    for (const [row, change] of [
      ['if', { learningRate: 1e-60 }],
      ['wavegan', {}],
    ] as const) {
      const recipe = structuredClone(loadRecipe(`smoke-paper/${row}`)) as Recipe & { name: string };
      writeJsonSync(join(cwd, 'mine', `${row}.json`), {
        ...recipe,
        name: `mine/${row}`,
        training: { ...recipe.training, ...change },
      });
    }
    // The second of two tasks of an array trains the second row alone.
    const array = { ID: '1', MIN: '0', MAX: '1', COUNT: '2' };
    for (const [name, value] of Object.entries(array)) vi.stubEnv(`SLURM_ARRAY_TASK_${name}`, value);
    const task = await inProcess(
      ['reproduce', 'if', 'wavegan', '--recipes', 'mine', '--to', 'out', '--stage', 'train', '--json'],
      {
        cwd,
      },
    );
    vi.unstubAllEnvs();
    expect(task.status, task.stderr).toBe(0);
    expect(JSON.parse(task.stdout)).toMatchObject({ stage: 'train', failed: [], notRun: [] });
    expect(readdirSync(join(cwd, 'out', 'runs'))).toEqual([expect.stringMatching(/^wavegan-/)]);
    expect(readdirSync(join(cwd, 'out')).sort()).toEqual(['notes', 'results', 'runs']);
    const { status, stderr } = await inProcess(['reproduce', 'if', 'wavegan', '--recipes', 'mine', '--to', 'out'], { cwd });
    expect(status, stderr).toBe(0);
    const ledger = JSON.parse(readFileSync(join(cwd, 'out', 'ledger.json'), 'utf8')) as Ledger;
    expect(ledger.failed).toEqual([expect.objectContaining({ row: 'if', why: expect.stringMatching(/nothing was learned/) })]);
    expect(ledger.results.map(({ row }) => row)).toEqual(['real-data', 'wavegan']);
    expect(readFileSync(join(cwd, 'out', 'paper.html'), 'utf8')).toContain('nothing was learned');

    // What becomes of a training meanwhile is not mixed with what it was when the scoring began.
    const stop = new AbortController();
    const context: Context = {
      signal: stop.signal,
      progress: createProgress({ stream: process.stderr, style: 'none' }),
      keeps: () => rmSync(folders(join(cwd, 'out')).trained('wavegan', 0), { force: true }),
      note: () => undefined,
      json: false,
    };
    const justWavegan = jobsOf(join(cwd, 'mine'), chooseRows(['wavegan']), [0]);
    const { missing, ledger: scored } = await reproduce(scales.smoke, await startBackend(context, { backend: 'wasm' }), context, {
      to: join(cwd, 'out'),
      jobs: justWavegan,
      all: justWavegan,
      stage: 'score',
      share: undivided,
    });
    expect([scored?.results.map(({ row }) => row), missing.notRun]).toEqual([['real-data', 'wavegan'], []]);

    // Given again it trains nothing, and with one row alone that taught nothing there is a page all the same.
    const alone = await inProcess(['reproduce', 'if', '--recipes', 'mine', '--to', 'out'], { cwd });
    expect([alone.status, alone.stderr.includes('trained before'), alone.stderr.includes('scoring')]).toEqual([0, true, false]);
    expect(readFileSync(join(cwd, 'out', 'paper.html'), 'utf8')).toContain('nothing was learned');
    const train = await inProcess(['reproduce', 'if', '--recipes', 'mine', '--to', 'out', '--stage', 'train', '--json'], { cwd });
    expect(JSON.parse(train.stdout)).toMatchObject({ stage: 'train', failed: [{ row: 'if', seed: 0 }], notRun: [] });

    // The same folder with other notes: their trainings are not taken for trainings on these.
    const fewer = Object.entries(JSON.parse(readFileSync(join(cwd, 'out', 'notes', 'examples.json'), 'utf8')) as object);
    cpSync(join(cwd, 'out', 'notes'), join(cwd, 'fewer'), { recursive: true, filter: (path) => !path.includes('index') });
    writeJsonSync(join(cwd, 'fewer', 'examples.json'), Object.fromEntries(fewer.slice(0, 30)));
    const others = await inProcess(['reproduce', 'if', '--recipes', 'mine', '--to', 'out', '--data', 'fewer'], { cwd });
    expect([others.status, others.stderr]).toEqual([3, expect.stringMatching(/begun with another collection/)]);
    // Nor are those of rows that are not asked for.
    for (const run of readdirSync(join(cwd, 'out', 'runs')).filter((name) => name.startsWith('if-')))
      rmSync(join(cwd, 'out', 'runs', run), { recursive: true });
    const anew = await inProcess(['reproduce', 'if', '--recipes', 'mine', '--to', 'out', '--data', 'fewer'], { cwd });
    expect(anew.status, anew.stderr).toBe(0);
    const onFewer = JSON.parse(readFileSync(join(cwd, 'out', 'ledger.json'), 'utf8')) as Ledger;
    expect(onFewer.notRun).toEqual([{ row: 'wavegan', seed: 0, why: 'its notes are others; it was not asked for' }]);
    expect(onFewer.notes).toMatchObject({ notes: 30, source: 'fewer' });
  });

  it.each([
    [['if-mle'], /expected a row of the comparison .* Did you mean if-mel/s],
    [['--scale', 'paper', 'if', 'if-mel-h'], /2 rows, .* FLOP.*if-mel-h: 2\.\d+e\+18 FLOP.*if: 2\.\d+e\+18 FLOP.*--yes/s],
    [['--scale', 'smoke', '--soundfont', 'x.sf2'], /--soundfont with --scale mini/],
    [['--data', 'a', '--soundfont', 'b'], /found both/],
    [['--shard', '0/2', '--stage', 'score'], /--shard with --stage train/],
    [['--seed', '2', '--seeds', '2'], /--seed below --seeds, 2, found 2/],
    [['nsynth-autoencoder', '--seed', '1', '--seeds', '2'], /found none: the autoencoder is trained once, with seed 0/],
    [['nsynth-autoencoder', '--seed', '1', '--seeds', '2', '--engine', 'slurm'], /the autoencoder is trained once/],
  ])('refuses %j', async (words, message) => {
    const cwd = scratch();
    const { status, stderr } = await inProcess(['reproduce', ...words], { cwd });
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(existsSync(join(cwd, 'reproduction-smoke', 'ledger.json'))).toBe(false);
  });
});
