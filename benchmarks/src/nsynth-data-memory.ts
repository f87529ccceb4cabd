/**
 * How the memory and the index of nsynth-data grow with the collection: npx tsx benchmarks/src/nsynth-data-memory.ts [most notes]
 *
 * Writes collections of 4-second notes (256 KB each) up to the number given, default 20000 (5 GB in the temporary folder), and one of
 * 300,000 notes of 1 ms; then indexes, streams and shuffles each in a process of its own, whose peak memory is what the table shows.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Library from '@gansynth/nsynth-data';
import { madeNotes } from './made-notes.js';

const built = new URL('../../packages/nsynth-data/dist/index.js', import.meta.url).href;
const { writeTFRecord } = (await import(built)) as typeof Library;

function* notes(count: number, samples: number): Generator<Library.WritableNote> {
  const models = [...madeNotes(61)];
  for (let number = 0; number < count; number++) {
    const { audio, metadata } = models[number % models.length]!;
    const instrument = Math.floor(number / models.length);
    const instrument_str = `${metadata.instrument_str.replace(/\d+$/, '')}${String(instrument).padStart(4, '0')}`;
    const note_str = `${instrument_str}-${String(metadata.pitch).padStart(3, '0')}-100`;
    yield {
      audio: audio.subarray(0, samples),
      metadata: { ...metadata, note: number, instrument, instrument_str, note_str },
    };
  }
}

/** What a process of its own does; it prints its peak memory in MB. */
const tasks = {
  nothing: '',
  index: 'await openDataset(path);',
  reopen: 'const start = performance.now(); await openDataset(path); extra = performance.now() - start;',
  filter:
    'const d = await openDataset(path); const start = performance.now(); d.filter({ source: "acoustic", pitch: [40, 60] }).split(paperSplit); extra = performance.now() - start;',
  stream: 'for await (const note of (await openDataset(path)).notes()) extra += note.audio.data[0];',
  shuffle:
    'for await (const batch of (await openDataset(path)).batches({ batchSize: 8, epochs: 1, samples })) extra += batch.labels[0];',
} as const;

function measure(task: keyof typeof tasks, path: string, samples: number): { megabytes: number; extra: number } {
  const program = `
    import { openDataset, paperSplit } from ${JSON.stringify(built)};
    const [path, samples] = ${JSON.stringify([path, samples])};
    let extra = 0;
    ${tasks[task]}
    console.log(JSON.stringify({ megabytes: process.resourceUsage().maxRSS / 1024, extra }));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
  return JSON.parse(output) as { megabytes: number; extra: number };
}

const most = Number(process.argv[2] ?? 20_000);
const sizes: readonly (readonly [count: number, samples: number])[] = [
  ...[most / 8, most / 4, most / 2, most].map((count) => [count, 64_000] as const),
  [300_000, 16],
];
const folder = await mkdtemp(join(tmpdir(), 'nsynth-data-memory-'));
try {
  console.log(`peak memory of the process, MB (it takes ${measure('nothing', '', 0).megabytes.toFixed(0)} MB doing nothing)\n`);
  console.log('   notes  file MB  index MB   index  reopen  filter  stream  shuffle   reopen ms  filter+split ms');
  for (const [count, samples] of sizes) {
    const path = join(folder, `${count}.tfrecord`);
    await writeTFRecord(path, notes(count, samples));
    const fileBytes = (await stat(path)).size;
    const columns = (['index', 'reopen', 'filter', 'stream', 'shuffle'] as const).map((task) => measure(task, path, samples));
    const indexBytes = (await stat(`${path}.nsynth-index.bin`)).size;
    const memory = columns.map(({ megabytes }, index) => megabytes.toFixed(0).padStart(index === 4 ? 9 : 8));
    const times = [columns[1], columns[2]].map((column, index) =>
      (column?.extra ?? 0).toFixed(0).padStart(index === 0 ? 12 : 17),
    );
    console.log(
      `${String(count).padStart(8)} ${(fileBytes / 1e6).toFixed(0).padStart(8)} ${(indexBytes / 1e6).toFixed(2).padStart(9)}${memory.join('')}${times.join('')}`,
    );
    await rm(path);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
