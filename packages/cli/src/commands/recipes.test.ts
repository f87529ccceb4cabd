import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Cost } from '../families/cost.js';
import { families, familyOf } from '../families/index.js';
import { loadRecipe, shippedRecipes } from '../recipes/library.js';
import { inProcess } from '../test-support/in-process.js';
import { gansynth, scratch } from '../test-support/packed.js';

describe('gansynth recipes', () => {
  it('lists what comes with the package', async () => {
    const { status, stdout, stderr } = await gansynth(['recipes', 'list', '--json']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const names = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['paper/if-mel-h', 'paper/wavegan', 'mini/if-mel']));
  });

  it('shows a recipe with its defaults and its run id', async () => {
    const { stdout } = await gansynth(['recipes', 'show', 'paper/if-mel-h', '--json']);
    const { run, recipe } = JSON.parse(stdout) as { run: string; recipe: { training: { beta2: number } } };
    expect(run).toMatch(/^if-mel-h-[0-9a-f]{8}$/);
    expect(recipe.training.beta2).toBe(0.99);
  });

  it('shows what can be kept as a recipe and is the same run', async () => {
    const cwd = scratch();
    const shown = await inProcess(['recipes', 'show', 'mini/harmonic'], { cwd });
    writeFileSync(join(cwd, 'mine.json'), shown.stdout);
    const run = /harmonic-[0-9a-f]{8}/.exec(shown.stderr)![0]!;
    expect(await inProcess(['recipes', 'validate', 'mine.json'], { cwd })).toMatchObject({
      status: 0,
      stdout: `mine.json: valid, run id ${run}\n`,
    });
    const source = await inProcess(['recipes', 'show', 'mini/harmonic', '--source']);
    expect(JSON.parse(source.stdout)).toEqual(
      JSON.parse(readFileSync(new URL('../../recipes/mini/harmonic.json', import.meta.url), 'utf8')),
    );
  });

  it('names every problem of a bad recipe, with the field that was meant', async () => {
    const folder = scratch();
    writeFileSync(join(folder, 'bad.json'), JSON.stringify({ name: 'bad', trainning: {}, training: { batchsize: 4, beta1: 2 } }));
    const { status, stderr } = await gansynth(['recipes', 'validate', 'bad.json'], { cwd: folder });
    expect(status).toBe(3);
    expect(stderr).toContain('trainning: no such field. Did you mean "training"?');
    expect(stderr).toContain('training.batchsize: no such field. Did you mean "batchSize"?');
    expect(stderr).toContain('training.beta1: found 2');
  });

  it('compares two recipes field by field', async () => {
    const { stdout } = await gansynth(['recipes', 'diff', 'paper/if', 'paper/if-h']);
    expect(stdout).toMatch(/representation\.frames +256 +128/);
  });

  it.each(shippedRecipes())('does the arithmetic of %s', async (name) => {
    const { status, stdout, stderr } = await inProcess(['recipes', 'cost', name, '--gigaflops', '100', '--json']);
    expect(status, stderr).toBe(0);
    const { unit, parameters, stages, flop, hours } = JSON.parse(stdout) as Cost & { hours: number };
    for (const value of [...Object.values(parameters), flop, hours]) expect(value).toBeGreaterThan(0);
    const recipe = loadRecipe(name);
    const family = familyOf(recipe);
    expect(unit).toBe(family.length.unit);
    expect(stages.reduce((sum, { examples }) => sum + examples, 0)).toBe(family.total(recipe));
    for (const { multiplyAdds } of stages) expect(Object.keys(multiplyAdds)).toEqual(Object.keys(parameters));
    expect(stages.reduce((sum, stage) => sum + stage.flop, 0)).toBeCloseTo(flop, -6);
  });

  it('does the arithmetic of a recipe', async () => {
    const { stdout } = await gansynth(['recipes', 'cost', 'paper/if-mel-h', '--json']);
    // Parameter counts of the original, see the paper's table 3.
    expect(JSON.parse(stdout)).toMatchObject({ parameters: { generator: 7_311_246, critic: 6_831_230 } });
  });

  it('says which recipe was probably meant', async () => {
    const { status, stderr } = await gansynth(['recipes', 'show', 'paper/if-mel-hh']);
    expect(status).toBe(3);
    expect(stderr).toContain('Did you mean "paper/if-mel-h"?');
  });

  it('documents every field with a meaning', async () => {
    const { stdout } = await gansynth(['recipes', 'fields', '--json']);
    const fields = JSON.parse(stdout) as { name: string; description: string }[];
    expect(fields.length).toBeGreaterThan(60);
    expect(fields.filter(({ description }) => description === '')).toEqual([]);
  });

  it('says so where no field begins as asked', async () => {
    const { status, stderr } = await inProcess(['recipes', 'fields', 'trainning.batchSize']);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('Did you mean training.batchSize?') });
  });
});

describe('gansynth recipes schema', () => {
  it('is a JSON Schema that knows the fields and refuses others', async () => {
    const { stdout } = await gansynth(['recipes', 'schema']);
    const schema = JSON.parse(stdout) as {
      anyOf: { properties: Record<string, { additionalProperties?: boolean; properties?: object }> }[];
    };
    expect(schema.anyOf).toHaveLength(families.length);
    for (const { properties } of schema.anyOf) {
      expect(properties['training']?.additionalProperties).toBe(false);
      expect(Object.keys(properties['training']?.properties ?? {})).toContain('learningRate');
    }
  });
});

describe('the command line', () => {
  it('shows help with examples', async () => {
    const { status, stdout } = await gansynth(['recipes', 'show', '--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('Examples:');
  });

  it('refuses an unknown command with status 2 and a suggestion', async () => {
    const { status, stderr } = await gansynth(['docter']);
    expect(status).toBe(2);
    expect(stderr).toContain('Did you mean doctor?');
  });

  it('gives errors as JSON where JSON was asked for', async () => {
    const { status, stdout } = await gansynth(['recipes', 'show', 'nothing', '--json']);
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { kind: 'InputError', exitCode: 3 } });
  });

  it.each([
    ['an unknown option', ['generate', '--cuont', '3', '--json'], /unknown option '--cuont'/],
    ['a bad number', ['--json', 'generate'], /unknown option|expected/i],
    ['a number out of range', ['generate', '--json', '--count', '100000000'], /from 1 to 100000, found "100000000"/],
    ['a missing argument', ['recipes', 'show', '--json'], /missing required argument 'recipe'/],
    ['an unknown command', ['docter', '--json'], /unknown/],
    ['a bad choice', ['generate', '--json', '--format', 'mp3'], /Allowed choices are pcm16, float32/],
  ])('gives %s as JSON too', async (_what, words, message) => {
    const { status, stdout, stderr } = await inProcess(words);
    expect(status).toBe(2);
    expect(stderr).not.toBe('');
    const { error } = JSON.parse(stdout) as { error: { kind: string; message: string; exitCode: number } };
    expect(error).toEqual({ kind: 'UsageError', message: expect.stringMatching(message), exitCode: 2 });
  });
});
