// The timed part of nsynth-data.bench.ts, in a plain Node process: under tsx the same code takes more than twice the processor time.
// node nsynth-data-timing.mjs FOLDER COUNT
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createDecodePool, openDataset } from '../../packages/nsynth-data/dist/index.js';

const [folder = '', countText = ''] = process.argv.slice(2);
const count = Number(countText);
const pool = createDecodePool();

/** @param {string} path */
async function filesOf(path) {
  if ((await stat(path)).isFile()) return [path];
  return (await readdir(join(path, 'audio'))).map((name) => join(path, 'audio', name));
}

/** @param {AsyncIterable<unknown>} items */
async function drain(items) {
  for await (const _ of items);
}

/** @param {readonly number[]} values */
const middle = (values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

for (const name of ['notes.tfrecord', 'tfrecord.tar', 'json+wav', 'json+wav.tar', 'json+wav.tar.gz']) {
  const path = join(folder, name);
  const files = await filesOf(path);
  let bytes = 0;
  for (const file of files) bytes += (await stat(file)).size;
  const dataset = await openDataset(path);
  const options = { batchSize: 8, epochs: 1 };
  /** @type {[string, () => Promise<unknown>][]} */
  const contenders = [
    ['in order, one core', () => drain(dataset.notes())],
    ['shuffled batches, one core', () => drain(dataset.batches(options))],
    [`shuffled batches, pool of ${pool.threads}`, () => drain(dataset.batches({ ...options, pool, prefetch: 4 }))],
    ['index made anew', () => openDataset(path, { reindex: true })],
    ['reopened', () => openDataset(path)],
    [
      'plain fs.readFile of the same bytes',
      async () => {
        for (const file of files) await readFile(file);
      },
    ],
  ];
  const wall = contenders.map(() => /** @type {number[]} */ ([]));
  const processor = contenders.map(() => /** @type {number[]} */ ([]));
  // In turn, so that a drift of the machine's speed falls on all alike. A shuffled epoch over gzip is slow: once is enough.
  const rounds = name.endsWith('.gz') ? 1 : 7;
  for (let round = rounds === 1 ? 0 : -2; round < rounds; round++) {
    for (const [index, [, run]] of contenders.entries()) {
      const [cpu, start] = [process.cpuUsage(), performance.now()];
      await run();
      const milliseconds = performance.now() - start;
      const { user, system } = process.cpuUsage(cpu);
      if (round < 0) continue;
      wall[index]?.push(milliseconds);
      processor[index]?.push((user + system) / 1000);
    }
  }
  console.log(
    `\n${name}: ${count} notes of 4 s, ${(bytes / 1e6).toFixed(0)} MB; x: time over that of the plain reading, all threads for CPU`,
  );
  const [plainWall, plainProcessor] = [middle(wall.at(-1) ?? []), middle(processor.at(-1) ?? [])];
  for (const [index, [title]] of contenders.entries()) {
    const [milliseconds, cpu] = [middle(wall[index] ?? []), middle(processor[index] ?? [])];
    const columns = [
      title.padEnd(36),
      `${((1000 * count) / milliseconds).toFixed(0).padStart(8)} notes/s`,
      `${(bytes / 1000 / milliseconds).toFixed(0).padStart(7)} MB/s`,
      `${(milliseconds / plainWall).toFixed(2).padStart(7)} x`,
      `${(cpu / count).toFixed(3).padStart(8)} ms CPU a note`,
      `${(cpu / plainProcessor).toFixed(2).padStart(7)} x`,
    ];
    console.log(`  ${columns.join('  ')}`);
  }
  await dataset.close();
}
await pool.close();
