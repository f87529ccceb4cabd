import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TestKey } from '../listening/key.js';
import type { ScoredListening } from '../listening/score-answers.js';
import { inProcess } from '../test-support/in-process.js';
import { sheetOf, smallTest } from '../test-support/listening.js';
import { type Finished, scratch } from '../test-support/packed.js';
import { demoNotes } from '../test-support/trained.js';

describe('gansynth listen make', () => {
  it('compares the shipped model with a folder of notes, pitch by pitch', async () => {
    const cwd = scratch();
    demoNotes(cwd);
    const words = [
      '--notes',
      '3',
      '--comparisons',
      '10',
      '--each',
      '6',
      '--catches',
      '2',
      '--seconds',
      '0.25',
      '--to',
      't',
      '--json',
    ];
    const { status, stdout, stderr } = await inProcess(['listen', 'make', '--models', 'shipped=mini,real=notes', ...words], {
      cwd,
    });
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ pairs: 10, sheets: 2, folder: 't' });
    const key = JSON.parse(readFileSync(join(cwd, 't', 'test.json'), 'utf8')) as TestKey;
    expect(key.models.map(({ name, kind }) => [name, kind])).toEqual([
      ['shipped', 'model'],
      ['real', 'notes'],
    ]);
    const pitchOf = new Map(key.sounds.map(({ note, pitch }) => [JSON.stringify(note), pitch]));
    for (const { first, second, pitch } of key.pairs)
      expect([first, second].map((note) => pitchOf.get(JSON.stringify(note)))).toEqual([pitch, pitch]);
  });

  it('makes the same test in shares, of which the last one pairs the notes, and does none twice', async () => {
    const cwd = scratch();
    demoNotes(cwd);
    const words = ['listen', 'make', '--models', 'shipped=mini,real=notes', '--notes', '3', '--comparisons', '6', '--json', '-q'];
    const make = async (...more: string[]): Promise<unknown> => {
      const { status, stdout, stderr } = await inProcess([...words, ...more], { cwd });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      return JSON.parse(stdout);
    };
    const whole = await make('--to', 'whole');
    expect(await make('--to', 'shared', '--shard', '1/2')).toMatchObject({ missing: [0] });
    expect(existsSync(join(cwd, 'shared', 'test.json'))).toBe(false);
    expect(await make('--to', 'shared', '--shard', '0/2')).toEqual({
      ...(whole as object),
      folder: 'shared',
      page: 'shared/page/index.html',
    });
    const read = (folder: string): string[] =>
      [
        'test.json',
        'page/index.html',
        ...readdirSync(join(cwd, folder, 'page', 'sounds')).map((name) => `page/sounds/${name}`),
      ].map((name) => readFileSync(join(cwd, folder, name), 'base64'));
    expect(read('shared')).toEqual(read('whole'));
    expect(readdirSync(join(cwd, 'shared', '.shares')).sort()).toEqual(['0-of-2.json', '1-of-2.json']);
    // As after a process that was killed when it had made the test.
    writeFileSync(join(cwd, 'shared', '.shares', '0-of-2.safetensors'), '');
    expect(await make('--to', 'shared', '--shard', '1/2')).toMatchObject({ pairs: 6, folder: 'shared' });
    expect(readdirSync(join(cwd, 'shared', '.shares')).sort()).toEqual(['0-of-2.json', '1-of-2.json']);
    const other = await inProcess([...words, '--to', 'shared', '--seed', '1', '--shard', '1/2'], { cwd });
    expect([other.status, other.stderr]).toEqual([2, expect.stringMatching(/it differs in: seed/)]);
    const many = await inProcess([...words, '--to', 'many', '--shard', '1/4'], { cwd });
    expect([many.status, many.stderr]).toEqual([2, expect.stringMatching(/models have notes to render, found 4 for 3/)]);
  });

  it('says what is wrong before anything is computed', async () => {
    const cwd = scratch();
    demoNotes(cwd);
    const make = async (...words: string[]): Promise<[Finished['status'], string]> => {
      const { status, stderr } = await inProcess(['listen', 'make', ...words], { cwd });
      return [status, stderr];
    };
    expect(await make('--models', 'notes,notes')).toEqual([2, expect.stringMatching(/found "notes" twice. Write name=where/)]);
    expect(await make('--models', 'a=,notes')).toEqual([2, expect.stringMatching(/name=where/)]);
    expect(await make('--models', 'a=notes,b=notes', '--comparisons', '3')).toEqual([3, expect.stringMatching(/even number/)]);
    expect(await make('--models', 'a=notes,b=notes', '-p', '0')).toEqual([
      2,
      expect.stringMatching(/found 0\. They have a \d+ to/),
    ]);
    expect(await make('--models', 'a=notes,b=nowhere')).toEqual([3, expect.stringMatching(/nowhere: expected a run/)]);
  });
});

describe('gansynth listen score', () => {
  let folder: string;
  let key: TestKey;
  beforeAll(async () => {
    folder = join(scratch(), 'test');
    key = await smallTest(folder, { listeners: 3 });
    mkdirSync(join(folder, 'answers'));
    for (const [i, sheet] of [1, 2, 3].entries()) save(`${i}.json`, sheetOf(key, sheet, `listener${i}`));
  });
  const save = (name: string, value: unknown, at = folder): void =>
    writeFileSync(join(at, 'answers', name), typeof value === 'string' ? value : JSON.stringify(value));
  /** A copy of the folder with one more file of answers. */
  const withFile = (name: string, value: unknown): string => {
    const copy = join(scratch(), 'test');
    cpSync(folder, copy, { recursive: true });
    save(name, value, copy);
    return copy;
  };

  const refuse = async (value: unknown): Promise<[Finished['status'], string]> => {
    const { status, stderr } = await inProcess(['listen', 'score', withFile('bad.json', value)]);
    return [status, stderr];
  };

  it('counts wins, tests them, and writes them', async () => {
    const out = join(scratch(), 'wins.json');
    const { status, stdout } = await inProcess(['listen', 'score', folder, '--json', '-o', out]);
    expect(status).toBe(0);
    const scored = JSON.parse(stdout) as ScoredListening;
    expect(scored.score.models.map(({ model, wins }) => [model, wins])).toEqual([
      ['clean', 20],
      ['hiss', 10],
      ['storm', 0],
    ]);
    expect(scored.score.kruskalWallis.pValue).toBeLessThan(1e-6);
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(scored);
    const text = await inProcess(['listen', 'score', join(folder, 'answers')]);
    expect(text.stdout).toMatch(/clean +20 +0 +0 +20/);
    expect(text.stdout).toMatch(/Kruskal-Wallis: H\(2\) = \d+\.\d+, p < 0\.001/);
    expect(text.stdout).toMatch(/nobody failed the catches/);
  });

  it('names who failed the catches, and leaves them out', async () => {
    const copy = withFile(
      'x.json',
      sheetOf(key, 1, 'careless1', () => -2),
    );
    const { stdout } = await inProcess(['listen', 'score', copy]);
    expect(stdout).toMatch(/failed the catches: careless1 \(missed \d of 4\)/);
    expect(stdout).toMatch(/clean +20 +0 +0 +20/);
    const kept = await inProcess(['listen', 'score', copy, '--keep-failed', '--json']);
    expect((JSON.parse(kept.stdout) as ScoredListening).score.answers).toBe(40);
  });

  it('takes half a sheet and a duplicate for what they are, and says so', async () => {
    const whole = sheetOf(key, 1, 'listener0');
    const half = withFile('half.json', { ...whole, listener: 'listener9', revision: 3, answers: whole.answers.slice(0, 3) });
    expect((await inProcess(['listen', 'score', half])).stdout).toMatch(/listener9: 3 of 14 answered; they count/);
    const double = withFile('again.json', whole);
    const { stdout } = await inProcess(['listen', 'score', double]);
    expect(stdout).toMatch(/again\.json: not counted, a later or equal file|0\.json: not counted/);
    expect(stdout).toMatch(/clean +20 /);
  });

  it('refuses damaged answers and answers of another test by name', async () => {
    expect(await refuse('{"kind": "gansynth-li')).toEqual([3, expect.stringMatching(/bad\.json: expected JSON, found none/)]);
    expect(await refuse({ hello: 1 })).toEqual([3, expect.stringMatching(/bad\.json: expected "kind"/)]);
    const other = { ...sheetOf(key, 1, 'listener7'), test: 'fedcba' };
    expect(await refuse(other)).toEqual([
      3,
      expect.stringMatching(/bad\.json: expected answers of the test .*, found answers of the test fedcba/),
    ]);
    const contrary = { ...sheetOf(key, 1, 'listener0', () => 1) };
    expect(await refuse(contrary)).toEqual([3, expect.stringMatching(/listener0 to a pair, found others in/)]);
  });

  it('says where answers and tests are missing, and when there are too few', async () => {
    const nothing = await inProcess(['listen', 'score', 'nowhere.json']);
    expect([nothing.status, nothing.stderr]).toEqual([
      3,
      expect.stringMatching(/nowhere\.json: expected answers, found no such file/),
    ]);
    const stray = join(scratch(), 'a.json');
    cpSync(join(folder, 'answers', '0.json'), stray);
    expect((await inProcess(['listen', 'score', stray])).stderr).toMatch(/expected the answers' test beside them.*--test/);
    const few = await inProcess(['listen', 'score', stray, '--test', folder]);
    expect([few.status, few.stderr]).toEqual([3, expect.stringMatching(/expected at least 10 answers that compare .*, found/)]);
    expect((await inProcess(['listen', 'score', stray, '--test', folder, '--minimum-answers', '1'])).status).toBe(0);
  });
});
