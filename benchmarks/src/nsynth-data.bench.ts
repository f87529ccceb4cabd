import { execFileSync } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';
import type * as Library from '@gansynth/nsynth-data';
import { pack } from 'tar-stream';
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

/**
 * Notes/s and MB/s of every source, in order and shuffled, on one core and with the pool, beside the plain reading of the same bytes.
 * Processor time stands beside wall time: it says what the work costs when other processes are busy too.
 */
export default async function nsynthData(): Promise<void> {
  if (!existsSync(built)) throw new Error('nsynth-data: expected the built package, found none. Run: npm run build');
  const { writeJsonWav, writeTFRecord } = (await import(built.href)) as typeof Library;
  const folder = await mkdtemp(join(tmpdir(), 'nsynth-data-bench-'));
  const at = (name: string): string => join(folder, name);
  try {
    await writeJsonWav(at('json+wav'), madeNotes(count));
    await writeTFRecord(at('notes.tfrecord'), madeNotes(count));
    const wavs = (await readdir(at('json+wav/audio'))).map((name) => [`x/audio/${name}`, at(`json+wav/audio/${name}`)] as const);
    const all = [['x/examples.json', at('json+wav/examples.json')] as const, ...wavs];
    await writeTar(at('json+wav.tar'), all);
    await writeTar(at('json+wav.tar.gz'), all, true);
    await writeTar(at('tfrecord.tar'), [['notes.tfrecord', at('notes.tfrecord')]]);
    const timing = fileURLToPath(new URL('../src/nsynth-data-timing.mjs', import.meta.url));
    execFileSync(process.execPath, [timing, folder, String(count)], { stdio: 'inherit' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
