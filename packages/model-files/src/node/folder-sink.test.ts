import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memorySink, ModelFileError, readModel } from '../index.js';
import { startSaving } from '../test-support/start-saving.js';
import { saveTiny } from '../test-support/tiny-model.js';
import { folderFiles } from './folder-files.js';
import { folderSink } from './folder-sink.js';

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gansynth-folder-'));
  folder = join(root, 'model');
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** The value all weights of a model have, after a check that it is the one its manifest names. */
async function valueOf(path: string): Promise<number> {
  const { manifest, weights } = await readModel(folderFiles(path));
  const data = weights['w']?.data ?? new Float32Array(1).fill(Number.NaN);
  expect([...new Set(data)]).toEqual([Number(manifest.name)]);
  return data[0] ?? Number.NaN;
}

describe('folderSink', () => {
  it('makes the folder, and replaces the model in it, leaving no file of the old one and every other file', async () => {
    const nested = join(root, 'a', 'b');
    await saveTiny(1, folderSink(nested));
    expect((await readdir(nested)).sort()).toEqual(['gansynth.json', 'group1-shard1of1.bin', 'model.json']);
    await writeFile(join(nested, 'NOTES.md'), 'mine');
    for (const value of [2, 3, 4]) {
      await saveTiny(value, folderSink(nested));
      expect(await valueOf(nested)).toBe(value);
      expect(await readdir(nested)).toHaveLength(4);
    }
    expect(await readFile(join(nested, 'NOTES.md'), 'utf8')).toBe('mine');
    expect(await readdir(join(root, 'a'))).toEqual(['b']);
  });

  it('takes an empty folder, and refuses one with something else in it', async () => {
    await mkdir(folder);
    await saveTiny(1, folderSink(folder));
    expect(await valueOf(folder)).toBe(1);
    await writeFile(join(root, 'thesis.txt'), 'years of work');
    const error: unknown = await saveTiny(1, folderSink(root)).catch((reason: unknown) => reason);
    expect(ModelFileError.isInstance(error)).toBe(true);
    expect(String(error)).toMatch(/one that holds a model \(gansynth.json\), found .*thesis.txt/);
    expect((await readdir(root)).sort()).toEqual(['model', 'thesis.txt']);
  });

  it('replaces a model whose shards have the names of an older version, which the old model.json alone knows', async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'gansynth.json'), '{"format":"gansynth-wavegan","version":1}');
    await writeFile(join(folder, 'model.json'), '{"weightsManifest":[{"paths":["weights.bin"],"weights":[]}]}');
    await writeFile(join(folder, 'weights.bin'), '');
    await saveTiny(5, folderSink(folder));
    expect(await valueOf(folder)).toBe(5);
    expect(await readdir(folder)).not.toContain('weights.bin');
  });

  it('deletes nothing outside its folder, whatever an old manifest names', async () => {
    await mkdir(folder);
    await writeFile(join(root, 'thesis.txt'), 'years of work');
    await writeFile(join(folder, 'gansynth.json'), '{"files":{"../thesis.txt":{"bytes":1,"crc32c":1}}}');
    await saveTiny(5, folderSink(folder));
    expect(await readFile(join(root, 'thesis.txt'), 'utf8')).toBe('years of work');
    await expect(folderSink(folder).write({ '../thesis.txt': new Uint8Array(1) })).rejects.toThrow(/inside the model's folder/);
    await expect(folderFiles(folder).read('../thesis.txt')).rejects.toThrow(/inside the model's folder/);
  });

  it('leaves the old model alone if a file cannot be written', async () => {
    await saveTiny(1, folderSink(folder));
    const sink = memorySink();
    await saveTiny(2, sink);
    await writeFile(join(folder, 'file'), '');
    // 'file' is no folder.
    await expect(folderSink(folder).write({ ...sink.files, 'file/x.bin': new Uint8Array(9) })).rejects.toThrow();
    expect(await valueOf(folder)).toBe(1);
  });

  it('deletes what a killed process of this or an older version has left beside it', async () => {
    const gone = `.tmp-2147483646-0123456789ab-${(await import('node:os')).hostname()}`;
    const old = '.model.3e1f2a7c-0000-4000-8000-123456789abc';
    for (const name of [gone, old, `${old}.old`, '.model.mine', '.other.3e1f2a7c-0000-4000-8000-123456789abc'])
      await mkdir(join(root, name));
    await saveTiny(1, folderSink(folder));
    expect((await readdir(root)).sort()).toEqual(['.model.mine', '.other.3e1f2a7c-0000-4000-8000-123456789abc', 'model']);
  });
});

describe('a folder that another process saves into', () => {
  it('is read as one whole model every time', async () => {
    const { ended } = await startSaving(folder, 40);
    const saving = { running: true };
    void ended.finally(() => (saving.running = false));
    const seen: number[] = [];
    while (saving.running) seen.push(await valueOf(folder));
    expect(await ended).toBe(0);
    expect(new Set(seen).size).toBeGreaterThan(5);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  it('holds a whole model whenever that process is killed, and nothing else after the next save', async () => {
    for (const delay of [1, 7, 20, 45]) {
      const { child, ended } = await startSaving(folder, 1e6);
      await setTimeout(delay);
      child.kill('SIGKILL');
      expect(await ended).toBe('SIGKILL');
      expect(await valueOf(folder)).toBeGreaterThan(0);
    }
    await saveTiny(7, folderSink(folder));
    expect(await valueOf(folder)).toBe(7);
    expect(await readdir(root)).toEqual(['model']);
    expect(await readdir(folder)).toHaveLength(3);
  });
});
