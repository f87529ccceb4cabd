import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { gzipFile, recordsOf } from '../../test/archives.js';
import { makeNotes, temporaryFolder, writeFolder } from '../../test/collection.js';
import type { Batch } from '../dataset/batches.js';
import { createDecodePool, type DecodePool } from './decode-pool.js';
import { BadNoteError } from '../errors.js';
import { openDataset } from '../dataset/open-dataset.js';

const notes = makeNotes(40, { samples: 2000 });
const folder = temporaryFolder();
let pool: DecodePool;

beforeAll(async () => {
  writeFolder(join(folder, 'wavs'), notes);
  writeFileSync(join(folder, 'notes.tfrecord'), recordsOf(notes));
  gzipFile(join(folder, 'notes.tfrecord'));
  // Node 20 starts no thread from TypeScript: the test compiles what the build would.
  const script = fileURLToPath(new URL(`../../node_modules/.cache/decode-worker-${process.pid}.mjs`, import.meta.url));
  const entryPoints = [fileURLToPath(new URL('decode-worker.ts', import.meta.url))];
  await build({
    entryPoints,
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  pool = createDecodePool({ threads: 2, script: pathToFileURL(script) });
  return async () => {
    await pool.close();
    rmSync(script);
  };
});

async function take(count: number, batches: AsyncIterable<Batch>): Promise<{ ids: string[]; audio: Float32Array }[]> {
  const taken: { ids: string[]; audio: Float32Array }[] = [];
  for await (const { notes: labels, audio } of batches) {
    taken.push({ ids: labels.map(({ id }) => id), audio: audio.data });
    if (taken.length === count) break;
  }
  return taken;
}

describe('decode pool', () => {
  it.each(['wavs', 'notes.tfrecord', 'notes.tfrecord.gz'])('yields the same batches of %s as this thread', async (name) => {
    const dataset = await openDataset(join(folder, name), { index: false });
    const here = await take(7, dataset.batches({ batchSize: 12, samples: 2000 }));
    for (const prefetch of [0, 3]) {
      const there = await take(7, dataset.batches({ batchSize: 12, samples: 2000, pool, prefetch }));
      expect(there.map(({ ids }) => ids)).toEqual(here.map(({ ids }) => ids));
      for (const [index, { audio }] of there.entries())
        expect(Buffer.compare(Buffer.from(audio.buffer), Buffer.from(here[index]!.audio.buffer))).toBe(0);
    }
  });

  it('brings errors back as what they were', async () => {
    const own = writeFolder(join(folder, 'own'), makeNotes(4));
    const dataset = await openDataset(own, { index: false });
    const { id } = dataset.labels(1);
    rmSync(join(own, 'audio', `${id}.wav`));
    const error = await take(1, dataset.batches({ batchSize: 4, pool })).catch((thrown: unknown) => thrown);
    expect(BadNoteError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ record: id, file: join(own, 'audio', `${id}.wav`) });
  });

  it('stops when aborted', async () => {
    const dataset = await openDataset(join(folder, 'wavs'), { index: false });
    const controller = new AbortController();
    const loader = dataset.batches({ batchSize: 4, pool, signal: controller.signal });
    await loader.next();
    controller.abort();
    await expect(loader.next()).rejects.toThrow(/abort/i);
    await expect(take(1, dataset.batches({ batchSize: 4, pool }))).resolves.toHaveLength(1);
  });

  it('refuses a number of threads that is none', () => {
    expect(() => createDecodePool({ threads: 0 })).toThrow(/threads from 1 to 1024, found 0/);
  });
});
