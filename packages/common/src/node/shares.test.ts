import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { categoryOf } from '../errors.js';
import { differencesOf, isBegun, openShare, rangeOfShare, ShareError, sharesFolder } from '../node.js';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gansynth-shares-'));
  folder = join(root, 'work');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const work = { model: 'a', seed: '1' };

describe('shares', () => {
  it('are done when they say so and their files are there, wherever the folder is moved', async () => {
    expect(isBegun(folder, { index: 0, of: 2 })).toBe(false);
    const first = await openShare(folder, { index: 0, of: 2 }, work);
    expect([first.files, first.missing(), isBegun(folder, { index: 0, of: 2 })]).toEqual([undefined, [0, 1], true]);
    const file = join(folder, 'x');
    writeFileSync(file, '');
    await first.done([file]);
    const second = await openShare(folder, { index: 1, of: 2 }, work);
    expect([second.files, second.missing()]).toEqual([undefined, [1]]);
    await second.done([]);
    expect(first.missing()).toEqual([]);

    renameSync(folder, join(root, 'moved'));
    folder = join(root, 'moved');
    const again = await openShare(folder, { index: 0, of: 2 }, work);
    expect(again.files).toEqual([join(folder, 'x')]);
    rmSync(join(folder, 'x'));
    expect(again.missing()).toEqual([0]);
    expect((await openShare(folder, { index: 0, of: 2 }, work)).files).toBeUndefined();
    expect(second.places.map((place) => place.split('/').at(-1))).toEqual(['0-of-2', '1-of-2']);
  });

  it('of another division or another work are refused, by what differs', async () => {
    await openShare(folder, { index: 1, of: 2 }, work);
    const refused = (of: number, other: Record<string, string>): Promise<unknown> =>
      openShare(folder, { index: 0, of }, other).catch((error: unknown) => error);
    const division = await refused(3, work);
    expect([categoryOf(division), ShareError.isInstance(division), String(division)]).toEqual([
      'usage',
      true,
      expect.stringMatching(/expected shares of 3, found share 1 of 2 there\. Write to another folder, or remove .*\.shares/),
    ]);
    expect(String(await refused(2, { model: 'b', seed: '1' }))).toMatch(/found share 1 of another one \(it differs in: model\)/);
    expect(String(await refused(2, { model: 'a', rate: '2' }))).toMatch(/it differs in: rate, seed|it differs in: seed, rate/);
    expect(isBegun(folder, { index: 0, of: 3 })).toBe(false);
    expect(differencesOf(work, work)).toEqual([]);
  });

  it('whose markers are damaged count as not begun', async () => {
    const { done } = await openShare(folder, { index: 0, of: 1 }, work);
    await done([]);
    for (const text of ['{', '[]', '{"work":{"model":1}}', '{"work":"a"}']) {
      writeFileSync(join(folder, sharesFolder, '0-of-1.json'), text);
      const { files, missing } = await openShare(folder, { index: 0, of: 1 }, { model: 'b' });
      expect([text, files, missing()]).toEqual([text, undefined, [0]]);
    }
  });

  it('of things in a row are all of them, in order, as even as can be', () => {
    for (const [count, of] of [
      [0, 1],
      [7, 3],
      [3, 7],
      [60_788, 64],
    ] as const) {
      const ranges = Array.from({ length: of }, (_, index) => rangeOfShare({ index, of }, count));
      expect([ranges[0]?.[0], ranges.at(-1)?.[1]]).toEqual([0, count]);
      for (const [i, [from, to]] of ranges.entries()) {
        if (i > 0) expect(from).toBe(ranges[i - 1]?.[1]);
        expect([0, 1]).toContain(to - from - Math.floor(count / of));
      }
    }
  });
});
