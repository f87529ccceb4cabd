import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDirectory, removeDirectory, removeLeftovers, replaceFile, temporaryName } from '../node.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gansynth-node-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('createDirectory', () => {
  it('shows a directory only when it is filled', async () => {
    await createDirectory(root, 'a', async (directory) => {
      await writeFile(join(directory, 'x'), '1');
      expect(await readdir(root)).not.toContain('a');
    });
    expect(await readdir(root)).toEqual(['a']);
    expect(await readFile(join(root, 'a', 'x'), 'utf8')).toBe('1');
    await removeDirectory(root, 'a');
    expect(await readdir(root)).toEqual([]);
  });

  it('leaves nothing if filling it fails', async () => {
    await expect(createDirectory(root, 'a', () => Promise.reject(new Error('full')))).rejects.toThrow('full');
    expect(await readdir(root)).toEqual([]);
  });
});

describe('removeLeftovers', () => {
  it('deletes what dead processes of this machine left, and nothing else', async () => {
    const dead = `.tmp-2147483646-0123456789ab-${hostname()}`;
    const others = [temporaryName(), '.tmp-2147483646-0123456789ab-another-machine', '.tmp-mine', 'model'];
    for (const name of [dead, ...others]) await mkdir(join(root, name));
    await writeFile(join(root, `.tmp-2147483646-ba9876543210-${hostname()}`), 'a file');
    await removeLeftovers(root);
    expect((await readdir(root)).sort()).toEqual(others.sort());
  });
});

describe('replaceFile', () => {
  it('makes folders, replaces the content, and leaves nothing if it cannot', async () => {
    const path = join(root, 'a', 'b', 'x');
    await replaceFile(path, Uint8Array.of(1));
    await replaceFile(path, Uint8Array.of(2, 3));
    expect([...(await readFile(path))]).toEqual([2, 3]);
    await mkdir(join(root, 'c', 'd'), { recursive: true });
    await expect(replaceFile(join(root, 'c', 'd'), Uint8Array.of(1))).rejects.toThrow();
    expect(await readdir(join(root, 'c'))).toEqual(['d']);
  });
});
