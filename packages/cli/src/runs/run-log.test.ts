import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../test-support/packed.js';
import { openRunLog, readRunLog } from './run-log.js';

describe('the log of a run', () => {
  it('goes on without what was logged beyond the checkpoint, and without half a line', () => {
    const path = join(scratch(), 'log', 'log.jsonl');
    const log = openRunLog(path, 0);
    for (const images of [0, 10, 20, 30]) log.write({ type: 'step', images });
    appendFileSync(path, '{"type":"step","ima');
    openRunLog(path, 20).write({ type: 'session', images: 20 });
    expect(readRunLog(path).map(({ type, images }) => [type, images])).toEqual([
      ['step', 0],
      ['step', 10],
      ['step', 20],
      ['session', 20],
    ]);
  });

  it('is whole at every moment while it is cut: the new one takes the place of the old', () => {
    const folder = scratch();
    const path = join(folder, 'log.jsonl');
    const log = openRunLog(path, 0);
    for (const images of [0, 10]) log.write({ type: 'step', images });
    const before = readFileSync(path, 'utf8');
    const { ino } = statSync(path);
    // Whoever has the old file open, or crashes now, has all of it.
    openRunLog(path, 0);
    expect(statSync(path).ino).not.toBe(ino);
    expect(before).toContain('"images":10');
    expect(readRunLog(path)).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['log.jsonl']);
  });

  it('is not touched where nothing is to be cut', () => {
    const path = join(scratch(), 'log.jsonl');
    openRunLog(path, 0).write({ type: 'step', images: 5 });
    const { ino } = statSync(path);
    openRunLog(path, 5);
    expect(statSync(path).ino).toBe(ino);
  });

  it('passes over lines that are none of its own', () => {
    const path = join(scratch(), 'log.jsonl');
    writeFileSync(path, 'null\n3\n"x"\n[]\n{}\n{"type":"step"}\n{"type":"step","images":"7"}\n{"type":"step","images":7}\n');
    expect(readRunLog(path)).toEqual([{ type: 'step', images: 7 }]);
  });
});
