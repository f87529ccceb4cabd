import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../test-support/packed.js';
import { codeHash, hashOfCode, usedCode } from './code-hash.js';

/** A folder of these files. */
const folder = (files: Readonly<Record<string, string>>): string => {
  const at = scratch();
  mkdirSync(join(at, 'inner'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(at, name), content);
  return at;
};

describe('the hash of the code', () => {
  it('is of what the files hold and of their names, not of maps and declarations, wherever they lie', () => {
    const files = { 'main.js': 'run();', 'inner/part.js': 'export {};' };
    const hash = hashOfCode([folder(files)]);
    expect(hash).toMatch(/^[0-9a-f]{12}$/);
    expect(hashOfCode([folder({ ...files, 'main.js.map': '{}', 'main.d.ts': 'export {};' })])).toBe(hash);
    for (const other of [
      { ...files, 'main.js': 'walk();' },
      { 'main.js': 'run();', 'inner/other.js': 'export {};' },
      { 'main.js': 'run();' },
    ])
      expect(hashOfCode([folder(other)])).not.toBe(hash);
  });

  it('covers the packages of the program', () => {
    const folders = usedCode();
    expect(folders.filter((at) => !existsSync(at))).toEqual([]);
    expect(folders.some((at) => at.endsWith(join('training', 'dist')))).toBe(true);
    expect(codeHash()).not.toBe(hashOfCode(folders));
  });
});
