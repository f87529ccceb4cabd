import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/collection.js';
import { appear, leftBehind, removeLeftBehind, temporaryFor } from './temporary-file.js';

const folder = temporaryFolder();
/** A process that has been there and is not any more. */
const gone = spawnSync(process.execPath, ['-e', '']).pid;

describe('temporary files', () => {
  it('are left behind when their process of this machine is gone, or is an earlier one with our number', async () => {
    const path = join(folder, 'a.bin');
    const mine = temporaryFor(path);
    const names = [
      `.a.bin.${gone}-0.x1.${hostname()}`,
      `.a.bin.${process.pid}-${threadId}.x2.${hostname()}`,
      `.a.bin.${process.ppid}-0.x3.${hostname()}`,
      `.a.bin.${process.pid}-${threadId + 1}.x4.${hostname()}`,
      `.a.bin.${gone}-0.x5.other.${hostname()}`,
      `.a.bin.${gone}`,
      `.b.bin.${gone}-0.x6.${hostname()}`,
    ];
    for (const file of [mine.path, ...names.map((name) => join(folder, name))]) writeFileSync(file, '');
    expect((await leftBehind(path)).sort()).toEqual(
      names
        .slice(0, 2)
        .map((name) => join(folder, name))
        .sort(),
    );
    mine.done();
    expect(await leftBehind(path)).toContain(mine.path);
    expect(existsSync(mine.path)).toBe(true);
    expect(await leftBehind(join(folder, 'missing', 'a.bin'))).toEqual([]);
    await removeLeftBehind(path);
    expect(readdirSync(folder).sort()).toEqual(names.slice(2).sort());
  });

  it('become the file when they are whole, and leave nothing when they are not', async () => {
    const to = temporaryFolder();
    const path = join(to, 'c.bin');
    const half = appear(path, async (temporary) => {
      await writeFile(temporary, 'half');
      throw new Error('enough');
    });
    await expect(half).rejects.toThrow('enough');
    expect(readdirSync(to)).toEqual([]);
    const length = await appear(path, async (temporary) => {
      await writeFile(temporary, 'whole');
      await removeLeftBehind(path);
      expect(existsSync(path)).toBe(false);
      return 5;
    });
    expect([length, readdirSync(to)]).toEqual([5, ['c.bin']]);
  });
});
