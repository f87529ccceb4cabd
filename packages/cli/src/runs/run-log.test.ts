import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../test-support/packed.js';
import { openRunLog, readRunLog } from './run-log.js';

describe('the log of a run', () => {
  it('goes on without what was logged beyond the checkpoint, and without half a line', async () => {
    const path = join(scratch(), 'log', 'log.jsonl');
    const log = await openRunLog(path, 0);
    for (const done of [0, 10, 20, 30]) log.write({ type: 'step', done });
    appendFileSync(path, '{"type":"step","do');
    (await openRunLog(path, 20)).write({ type: 'session', done: 20 });
    expect(readRunLog(path).map(({ type, done }) => [type, done])).toEqual([
      ['step', 0],
      ['step', 10],
      ['step', 20],
      ['session', 20],
    ]);
  });

  it('is whole at every moment while it is cut: the new one takes the place of the old', async () => {
    const folder = scratch();
    const path = join(folder, 'log.jsonl');
    const log = await openRunLog(path, 0);
    for (const done of [0, 10]) log.write({ type: 'step', done });
    const before = readFileSync(path, 'utf8');
    const { ino } = statSync(path);
    // Whoever has the old file open, or crashes now, has all of it.
    await openRunLog(path, 0);
    expect(statSync(path).ino).not.toBe(ino);
    expect(before).toContain('"done":10');
    expect(readRunLog(path)).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['log.jsonl']);
  });

  it('is not touched where nothing is to be cut', async () => {
    const path = join(scratch(), 'log.jsonl');
    (await openRunLog(path, 0)).write({ type: 'step', done: 5 });
    const { ino } = statSync(path);
    await openRunLog(path, 5);
    expect(statSync(path).ino).toBe(ino);
  });

  it('passes over lines that are none of its own', async () => {
    const path = join(scratch(), 'log.jsonl');
    writeFileSync(path, 'null\n3\n"x"\n[]\n{}\n{"type":"step"}\n{"type":"step","done":"7"}\n{"type":"step","done":7}\n');
    expect(readRunLog(path)).toEqual([{ type: 'step', done: 7 }]);
  });

  it('is read and gone on with where it counted in images, as those of earlier versions', async () => {
    const path = join(scratch(), 'log.jsonl');
    writeFileSync(path, '{"type":"step","images":5}\n{"type":"step","images":15}\n');
    (await openRunLog(path, 10)).write({ type: 'session', done: 10 });
    expect(readRunLog(path).map(({ type, done }) => [type, done])).toEqual([
      ['step', 5],
      ['session', 10],
    ]);
  });
});
