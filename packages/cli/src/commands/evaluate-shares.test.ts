import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { openDataset, writeJsonWav } from '@gansynth/nsynth-data';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Evaluation } from '../pipeline/evaluation.js';
import { inProcess } from '../test-support/in-process.js';
import { gansynth, type Finished } from '../test-support/packed.js';
import { trainedFolder } from '../test-support/trained.js';

let cwd: string;
let whole: Evaluation;
const words = ['evaluate', '--data', 'more', '--model', 'smoke', '--hold-out', '0.5', '--classifier-steps', '4', '--json', '-q'];

beforeAll(async () => {
  cwd = await trainedFolder();
  // As many notes that others are compared with as were held out, so that real ones are scored too.
  const notes = await openDataset(join(cwd, 'notes'));
  await writeJsonWav(
    join(cwd, 'more'),
    (async function* () {
      for (const [take, part] of [notes, notes.slice(0, 6)].entries())
        for await (const { audio, metadata, id } of part.notes())
          yield { audio, metadata: { ...metadata, note_str: take === 0 ? id : `${id}-${take}` } };
    })(),
  );
  await notes.close();
});

const json = ({ status, stdout, stderr }: Finished): unknown => {
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
};
const merge = (...paths: string[]): Promise<Finished> =>
  inProcess(['evaluate', '--merge', ...paths, '-o', 'merged.json', '--json', '-q'], { cwd });
const heard = (folder: string): string[] => readdirSync(join(cwd, folder)).filter((name) => name.endsWith('.safetensors'));

describe('gansynth evaluate in shares', () => {
  it('teaches one classifier, whichever process is first, and scores as the undivided command does', async () => {
    const shares = await Promise.all([0, 1].map((index) => gansynth([...words, '--shard', `${index}/2`, '-o', 'in-2'], { cwd })));
    for (const share of shares) expect(share.status, share.stderr).toBe(0);
    expect(readdirSync(join(cwd, 'runs', 'classifiers'))).toHaveLength(1);
    whole = json(await inProcess([...words, '-o', 'whole.json'], { cwd })) as Evaluation;
    expect(whole.real?.conditions.generatedCount).toBe(whole.trained.conditions.referenceCount);
    for (let index = 3; index >= 0; index--) {
      expect(json(await inProcess([...words, '--shard', `${index}/4`, '-o', 'in-4'], { cwd }))).toMatchObject({
        of: whole.trained.conditions.referenceCount,
        before: false,
        missing: Array.from({ length: index }, (_, other) => other),
      });
      if (index === 0) continue;
      const { status, stderr } = await merge('in-4');
      expect([status, stderr]).toEqual([
        3,
        expect.stringMatching(/expected all 4 shares of .*, found that 0\/4.* missing or not finished/),
      ]);
    }
    expect(heard('in-4')).toHaveLength(16);
    for (const folder of ['in-2', 'in-4']) {
      const merged = json(await merge(folder)) as Evaluation;
      // Shares are whole batches of the classifier, so not a bit differs; 1e-9 is what is promised.
      for (const set of ['trained', 'real', 'untrained'] as const) expect(merged[set]).toEqual(whole[set]);
      expect([merged.model, merged.classifier]).toEqual([whole.model, whole.classifier]);
    }
    expect(existsSync(join(cwd, 'merged.json'))).toBe(true);
  });

  it('goes on with the sets of notes that a killed process had not heard', async () => {
    const share = (set: string): string => join(cwd, 'in-4', `1-of-4.${set}.safetensors`);
    rmSync(join(cwd, 'in-4', '.shares', '1-of-4.json'));
    rmSync(share('real'));
    writeFileSync(share('untrained'), readFileSync(share('untrained')).subarray(0, 50_000));
    const before = ['reference', 'model'].map((set) => statSync(share(set)).mtimeMs);
    expect(json(await inProcess([...words, '--shard', '1/4', '-o', 'in-4'], { cwd }))).toMatchObject({
      before: false,
      missing: [],
    });
    expect(['reference', 'model'].map((set) => statSync(share(set)).mtimeMs)).toEqual(before);
    expect((json(await merge('in-4')) as Evaluation).untrained).toEqual(whole.untrained);
  });

  it('is done once, and by default beside the scores of its run', async () => {
    const file = join(cwd, 'in-4', '1-of-4.model.safetensors');
    const { mtimeMs } = statSync(file);
    expect(json(await inProcess([...words, '--shard', '1/4', '-o', 'in-4'], { cwd }))).toMatchObject({
      before: true,
      missing: [],
    });
    expect(statSync(file).mtimeMs).toBe(mtimeMs);
    const { folder } = json(await inProcess([...words, '--no-untrained', '--shard', '0/2'], { cwd })) as { folder: string };
    expect(folder).toMatch(/runs\/smoke-[0-9a-f]{8}\/scores-shares$/);
    expect(heard(relative(cwd, folder))).toHaveLength(3);
  });

  it('refuses shares that are not those of one evaluation, by what differs', async () => {
    const other = await inProcess([...words, '--seed', '1', '--shard', '2/4', '-o', 'in-4'], { cwd });
    expect(other).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/found share \d of another one \(it differs in: .*seed/),
    });
    json(await inProcess([...words, '--seed', '1', '--shard', '2/4', '-o', 'seed-1'], { cwd }));
    const mixed = heard('in-4').map((name) => join(name.startsWith('2') ? 'seed-1' : 'in-4', name));
    const cases: [string[], RegExp][] = [
      [mixed, /2-of-4\.\w+\.safetensors: expected a share of the same evaluation .*seed: 0 and 1/s],
      [['in-4', 'in-2'], /number of shares: 4 and 2/],
      [
        ['in-4', join('in-4', '0-of-4.real.safetensors')],
        /0-of-4\.real\.safetensors: expected every share once, found share 0\/4/,
      ],
      [['nowhere'], /nowhere: expected shares of an evaluation, found no such/],
      [['notes'], /notes: expected shares that gansynth evaluate --shard has written there, found none/],
    ];
    for (const [paths, message] of cases)
      expect(await merge(...paths)).toMatchObject({ status: 3, stderr: expect.stringMatching(message) });

    cpSync(join(cwd, 'in-2'), join(cwd, 'damaged'), { recursive: true });
    const [first, second] = heard('damaged').map((name) => join(cwd, 'damaged', name));
    writeFileSync(first!, readFileSync(first!).subarray(0, -100));
    expect(await merge('damaged')).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/0-of-2\.model\.safetensors.*truncated/),
    });
    rmSync(first!);
    expect(await merge('damaged')).toMatchObject({ status: 3, stderr: expect.stringMatching(/0\/2 is missing or not finished/) });
    mkdirSync(join(cwd, 'foreign'));
    renameSync(second!, join(cwd, 'foreign', 'x.safetensors'));
    const bytes = readFileSync(join(cwd, 'foreign', 'x.safetensors'));
    bytes.write('GANSYNTH', bytes.indexOf('gansynth-heard'));
    writeFileSync(join(cwd, 'foreign', 'x.safetensors'), bytes);
    expect(await merge('foreign')).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/x\.safetensors: .*found other tensors/),
    });
  });

  it.each([
    [['--merge', 'in-2', '--data', 'more'], /expected --merge without --data/],
    [['--merge', 'in-2', '--hold-out', '0.5'], /expected --merge without --hold-out/],
    [['--merge', 'in-2', '--shard', '0/2'], /expected --merge without --shard/],
    // Also where it is the default.
    [['--seed', '0', '--merge', 'in-2'], /expected --merge without --seed/],
    [['--merge', 'in-2', '--classifier', 'small'], /expected --merge without --classifier:/],
    [['--merge', 'in-2', '--no-untrained'], /expected --merge without --no-untrained/],
    [['--merge', 'in-2', '--precision', 'int8'], /expected --merge without --precision/],
    [['--merge', 'in-2', '--backend', 'cpu'], /expected --merge without --backend/],
    [
      ['--data', 'more', '--model', 'smoke', '--hold-out', '0.5', '--classifier-steps', '4', '--shard', '0/30'],
      /at most \d+ shares of 2\d notes, .*found 30/,
    ],
  ])('refuses %j', async (more, message) => {
    const { status, stderr } = await inProcess(['evaluate', ...more, '-o', 'refused'], { cwd });
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(existsSync(join(cwd, 'refused'))).toBe(false);
  });
});
