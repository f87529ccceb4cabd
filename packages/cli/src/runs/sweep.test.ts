import { temporaryName } from '@gansynth/common/node';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../test-support/packed.js';
import { sweep } from './sweep.js';

const id = '3f1c2b1e-0000-4000-8000-0123456789ab';

function model(folder: string, name: string, which: string, whole = true): void {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'weights.bin'), which);
  if (whole) writeFileSync(join(folder, name, 'gansynth.json'), which);
}
const kept = (folder: string): string => readFileSync(join(folder, 'model', 'gansynth.json'), 'utf8');

describe('sweeping a run', () => {
  it('takes away a model half written, and half a file anywhere', () => {
    const folder = scratch();
    model(folder, 'model', 'old');
    model(folder, `.model.${id}`, 'new', false);
    mkdirSync(join(folder, 'samples', 'stage-00'), { recursive: true });
    const half = ['data.json.123.0.tmp', 'samples/stage-00/b.wav.77.12.tmp', `samples/${temporaryName()}`];
    for (const name of ['recipe.json', 'samples/stage-00/a.wav', ...half]) writeFileSync(join(folder, name), '');
    sweep(folder);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(
      [
        'model',
        'model/gansynth.json',
        'model/weights.bin',
        'recipe.json',
        'samples',
        'samples/stage-00',
        'samples/stage-00/a.wav',
      ].sort(),
    );
    expect(kept(folder)).toBe('old');
  });

  it('puts the newest whole model in its place where the process was killed between two', () => {
    const [both, one] = [scratch(), scratch()];
    model(both, `.model.${id}`, 'new');
    model(both, `.model.${id}.old`, 'old');
    sweep(both);
    expect([kept(both), readdirSync(both)]).toEqual(['new', ['model']]);
    model(one, `.model.${id}`, 'new', false);
    model(one, `.model.${id}.old`, 'old');
    sweep(one);
    expect([kept(one), readdirSync(one)]).toEqual(['old', ['model']]);
  });

  it('leaves what is not of its making', () => {
    const folder = scratch();
    model(folder, '.model.mine', 'mine');
    writeFileSync(join(folder, 'notes.tmp'), '');
    sweep(folder);
    expect(existsSync(join(folder, '.model.mine'))).toBe(true);
    expect(existsSync(join(folder, 'notes.tmp'))).toBe(true);
  });
});
