import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/collection.js';
import { leftBehind, temporaryFor } from './temporary-file.js';

const folder = temporaryFolder();
/** A process that has been there and is not any more. */
const gone = spawnSync(process.execPath, ['-e', '']).pid;

describe('temporary files', () => {
  it('are left behind when their process is gone, or is an earlier one with our number', async () => {
    const path = join(folder, 'a.bin');
    const mine = temporaryFor(path);
    const names = [
      `.a.bin.${gone}.x1`,
      `.a.bin.${process.pid}.x2`,
      `.a.bin.${process.ppid}.x3`,
      `.a.bin.${gone}`,
      `.b.bin.${gone}.x4`,
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
  });
});
