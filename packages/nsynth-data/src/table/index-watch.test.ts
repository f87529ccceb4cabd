import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeTar } from '../../test/archives.js';
import { makeNotes, temporaryFolder, writeFolder } from '../../test/collection.js';
import { openDataset } from '../dataset/open-dataset.js';

const folder = temporaryFolder();
const notes = makeNotes(4);
const [first] = notes;
const sound = join('audio', `${first?.entry.note_str}.wav`);

/** Notes and refusals found at an opening that skips what is bad. */
async function found(path: string): Promise<[notes: number, refused: number]> {
  const dataset = await openDataset(path, { onBadNote: 'skip' });
  await dataset.close();
  return [dataset.length, dataset.rejected.count];
}

describe('an index', () => {
  it('is made again when a sound that was missing comes, or one goes', async () => {
    const path = writeFolder(join(folder, 'missing'), notes);
    renameSync(join(path, sound), join(path, 'elsewhere.wav'));
    expect(await found(path)).toEqual([3, 1]);
    renameSync(join(path, 'elsewhere.wav'), join(path, sound));
    expect(await found(path)).toEqual([4, 0]);
    rmSync(join(path, sound));
    expect(await found(path)).toEqual([3, 1]);
  });

  it('is made again when the folder of the sounds comes', async () => {
    const path = writeFolder(join(folder, 'no-audio'), notes);
    renameSync(join(path, 'audio'), join(path, 'sounds'));
    expect(await found(path)).toEqual([0, 4]);
    renameSync(join(path, 'sounds'), join(path, 'audio'));
    expect(await found(path)).toEqual([4, 0]);
  });

  it('is made again when a sound that was refused is put right in its place', async () => {
    const path = writeFolder(join(folder, 'damaged'), notes);
    const whole = readFileSync(join(path, sound));
    writeFileSync(join(path, sound), whole.subarray(0, 20));
    expect(await found(path)).toEqual([3, 1]);
    writeFileSync(join(path, sound), whole);
    expect(await found(path)).toEqual([4, 0]);
  });

  it('serves as long as nothing changes, seen from another folder as well', async () => {
    mkdirSync(join(folder, 'kept'), { recursive: true });
    const path = writeFolder(join(folder, 'kept', 'notes'), notes);
    rmSync(join(path, sound));
    expect(await found(path)).toEqual([3, 1]);
    renameSync(join(folder, 'kept'), join(folder, 'moved'));
    let read = 0;
    const options = { onBadNote: 'skip', onProgress: () => read++ } as const;
    expect(await openDataset(join(folder, 'moved', 'notes'), options)).toHaveLength(3);
    expect(read).toBe(0);
  });
});

describe('a rate that is not said', () => {
  it('is that of the first note, in a folder, an archive and through an index', async () => {
    const made = makeNotes(3, { sampleRate: 22_050 });
    const path = writeFolder(join(folder, '22050'), made);
    await expect(openDataset(path)).rejects.toThrow(/expected sample_rate 16000, found 22050. Open the collection at 22050 Hz/);
    const listing = ['examples.json', ...made.map(({ entry }) => `audio/${entry.note_str}.wav`)];
    const files = listing.map((name): [string, Uint8Array] => [name, readFileSync(join(path, name))]);
    const archives = [files, files.toReversed()].map((entries, index) => writeTar(join(folder, `22050-${index}.tar`), entries));
    for (const at of [path, path, ...(await Promise.all(archives))]) {
      const dataset = await openDataset(at, { sampleRate: 'first' });
      expect([dataset.length, dataset.sampleRate]).toEqual([3, 22_050]);
      expect((await dataset.note(0)).sampleRate).toBe(22_050);
    }
  });

  it('is refused where a later note differs', async () => {
    const [one, other] = [makeNotes(2), makeNotes(2, { sampleRate: 22_050 })];
    const path = writeFolder(
      join(folder, 'mixed'),
      [one[0], other[1]].flatMap((note) => note ?? []),
    );
    await expect(openDataset(path, { sampleRate: 'first' })).rejects.toThrow(/expected sample_rate 16000, found 22050/);
  });
});
