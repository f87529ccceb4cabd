import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepJsonLines, openJsonLines, readJsonLines } from './json-lines.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gansynth-lines-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('JSON lines', () => {
  it('are added to whatever whole lines are there', () => {
    const path = join(folder, 'new', 'log.jsonl');
    expect(readJsonLines(path)).toEqual([]);
    for (const value of [1, Number.NaN]) {
      const lines = openJsonLines(path);
      lines.write({ value });
      lines.close();
      writeFileSync(path, `${readFileSync(path, 'utf8')}{"value":`);
    }
    expect(readJsonLines(path)).toEqual([{ value: 1 }, { value: 'NaN' }]);
    expect(readFileSync(path, 'utf8')).toBe('{"value":1}\n{"value":"NaN"}\n{"value":');
  });

  it('are left out where they shall not stay, and the file is left alone where all may', async () => {
    const path = join(folder, 'log.jsonl');
    await keepJsonLines(path, () => false);
    writeFileSync(path, '3\n{"a":1}\n[2]\n');
    const { ino } = statSync(path);
    await keepJsonLines(path, () => true);
    expect(statSync(path).ino).toBe(ino);
    await keepJsonLines(path, (line) => typeof line === 'object');
    expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n[2]\n');
  });
});
