import { createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type * as Library from '@gansynth/nsynth-data';
import { pack } from 'tar-stream';
import { type Contender, measure } from './measure.js';
import { madeNotes } from './made-notes.js';

const count = 400;
const built = new URL('../../packages/nsynth-data/dist/index.js', import.meta.url);

async function writeTar(path: string, files: readonly (readonly [name: string, path: string])[], gzip = false): Promise<void> {
  const archive = pack();
  const target = createWriteStream(path);
  const written = gzip ? pipeline(archive, createGzip(), target) : pipeline(archive, target);
  for (const [name, file] of files) {
    const content = await readFile(file);
    await new Promise<void>((resolve, reject) => {
      archive.entry({ name }, content, (error) => (error ? reject(error as Error) : resolve()));
    });
  }
  archive.finalize();
  await written;
}

async function filesOf(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  return (await readdir(join(path, 'audio'))).map((name) => join(path, 'audio', name));
}

const middle = (values: readonly number[] = []): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const drain = async (items: AsyncIterable<unknown>): Promise<void> => {
  for await (const _ of items);
};

/** Notes/s and MB/s of every source, in order and shuffled, on one core and with the pool, beside the plain reading of the same bytes. */
export default async function nsynthData(): Promise<void> {
  // The built package: sources run through tsx take twice the time.
  if (!existsSync(built)) throw new Error('nsynth-data: expected the built package, found none. Run: npm run build');
  const { createDecodePool, openDataset, writeJsonWav, writeTFRecord } = (await import(built.href)) as typeof Library;
  const folder = await mkdtemp(join(tmpdir(), 'nsynth-data-bench-'));
  const at = (name: string): string => join(folder, name);
  const pool = createDecodePool();
  try {
    await writeJsonWav(at('json+wav'), madeNotes(count));
    await writeTFRecord(at('notes.tfrecord'), madeNotes(count));
    const wavs = (await filesOf(at('json+wav'))).map((file) => [`x/audio/${file.split('/').at(-1) as string}`, file] as const);
    const all = [['x/examples.json', at('json+wav/examples.json')] as const, ...wavs];
    await writeTar(at('json+wav.tar'), all);
    await writeTar(at('json+wav.tar.gz'), all, true);
    await writeTar(at('tfrecord.tar'), [['notes.tfrecord', at('notes.tfrecord')]]);

    for (const name of ['notes.tfrecord', 'tfrecord.tar', 'json+wav', 'json+wav.tar', 'json+wav.tar.gz']) {
      const files = await filesOf(at(name));
      const bytes = (await Promise.all(files.map(async (file) => (await stat(file)).size))).reduce((sum, size) => sum + size);
      const dataset = await openDataset(at(name));
      const batches = { batchSize: 8, epochs: 1 };
      const contenders: Contender[] = [
        { name: 'in order, one core', run: () => drain(dataset.notes()) },
        { name: 'shuffled batches, one core', run: () => drain(dataset.batches(batches)) },
        {
          name: `shuffled batches, pool of ${pool.threads}`,
          run: () => drain(dataset.batches({ ...batches, pool, prefetch: 4 })),
        },
        { name: 'index made anew', run: () => openDataset(at(name), { reindex: true }) },
        { name: 'reopened', run: () => openDataset(at(name)) },
        {
          name: 'plain fs.readFile of the same bytes',
          run: async () => {
            for (const file of files) await readFile(file);
          },
        },
      ];
      // Processor time of all threads beside the wall time: it says what the work costs when other processes are busy too.
      const processor = contenders.map((): number[] => []);
      const timed = contenders.map(({ name: title, run }, index) => ({
        name: title,
        run: async () => {
          const before = process.cpuUsage();
          await run();
          const { user, system } = process.cpuUsage(before);
          processor[index]?.push((user + system) / 1000);
        },
      }));
      // A shuffled epoch over gzip unpacks about half a checkpoint's distance for every note.
      const timings = await measure(timed, name.endsWith('.gz') ? { runs: 1, warmup: 0 } : { runs: 5, warmup: 1 });
      const plain = timings.at(-1)?.milliseconds ?? Number.NaN;
      console.log(`\n${name}: ${count} notes of 4 s, ${(bytes / 1e6).toFixed(0)} MB`);
      for (const [index, timing] of timings.entries()) {
        const perSecond = 1000 / timing.milliseconds;
        const columns = [
          timing.name.padEnd(36),
          `${(count * perSecond).toFixed(0).padStart(8)} notes/s`,
          `${((bytes / 1e6) * perSecond).toFixed(0).padStart(7)} MB/s`,
          `${(timing.milliseconds / plain).toFixed(2).padStart(7)} x plain`,
          `${(middle(processor[index]) / count).toFixed(3).padStart(7)} ms CPU a note`,
          `${(middle(processor[index]) / middle(processor.at(-1))).toFixed(2).padStart(7)} x plain`,
        ];
        console.log(`  ${columns.join('  ')}`);
      }
      await dataset.close();
    }
  } finally {
    await pool.close();
    await rm(folder, { recursive: true, force: true });
  }
}
