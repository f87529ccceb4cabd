import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../test-support/packed.js';
import { checkOutputFile, checkOutputFolder } from './outputs.js';

describe('a place for what is made', () => {
  it('may be there or not yet', () => {
    const folder = scratch();
    mkdirSync(join(folder, 'there'));
    writeFileSync(join(folder, 'there', 'old.wav'), '');
    for (const name of ['there', 'new', 'new/deeper']) expect(() => checkOutputFolder(join(folder, name)), name).not.toThrow();
    for (const name of ['there/old.wav', 'there/new.wav', 'new/a.wav'])
      expect(() => checkOutputFile(join(folder, name)), name).not.toThrow();
  });

  it('is refused where a file stands in the way, or a folder, or a collection', () => {
    const folder = scratch();
    const at = (name: string): string => join(folder, name);
    writeFileSync(at('file'), '');
    mkdirSync(at('notes'));
    writeFileSync(at('notes/examples.json'), '{}');
    for (const name of ['file', 'file/below', 'file/below/deeper']) {
      expect(() => checkOutputFolder(at(name)), name).toThrow(/expected a folder to write into, found that .*file is a file/);
    }
    expect(() => checkOutputFolder(at('notes'))).toThrow(/found a collection of notes/);
    expect(() => checkOutputFolder('')).toThrow(/found an empty name/);
    expect(() => checkOutputFile(at('notes'), '--row')).toThrow(/^--row .*expected a file, found a folder/);
    expect(() => checkOutputFile(at('file/x.wav'))).toThrow(/is a file/);
    expect(() => checkOutputFile('')).toThrow(/found an empty name/);
  });

  it('is refused where nothing may be written', () => {
    const folder = scratch();
    chmodSync(folder, 0o500);
    // The superuser may write anywhere but into what is no real folder.
    const closed = process.getuid?.() === 0 ? '/proc/self' : folder;
    expect(() => checkOutputFolder(join(closed, 'x'))).toThrow(closed === folder ? /found no permission/ : undefined);
    chmodSync(folder, 0o700);
  });
});
