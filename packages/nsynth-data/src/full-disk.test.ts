import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordsOf } from '../test/archives.js';
import { outputOf, runSource } from '../test/child.js';
import { makeNotes, temporaryFolder } from '../test/collection.js';
import { encodeWav } from './formats/wav.js';
import { writeCollection } from './formats/write-json-wav.js';

const folder = temporaryFolder();
const notes = makeNotes(6);
const path = (name: string): string => join(folder, name);

/** A file system of this size, seen by one process and gone with it. */
const small = (at: string, kilobytes: number): string[] => {
  mkdirSync(at, { recursive: true });
  return ['unshare', '-rm', 'sh', '-c', `mount -t tmpfs -o size=${kilobytes}k none '${at}' && exec "$@"`, 'sh'];
};
const canMount = spawnSync('unshare', ['-rm', 'sh', '-c', `mount -t tmpfs none '${folder}'`]).status === 0;

/** Runs lines of a program that call `tell(value)`; what they told. */
async function told(program: string, wrapper: string[]): Promise<unknown> {
  const head = `
    import { readdirSync, existsSync, writeFileSync, copyFileSync, rmSync } from 'node:fs';
    import { join } from 'node:path';
    const tell = (value) => console.log(JSON.stringify(value));
    const failure = (work) => work.then(() => 'none', (error) => [error.name, (error.cause ?? error).code]);
  `;
  const { status, stdout, stderr } = await outputOf(runSource(head + program, wrapper));
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return JSON.parse(stdout);
}

describe.skipIf(!canMount)('a disk that is full (skipped where no small file system can be mounted)', () => {
  it('does not stop the reading of what lies on it', async () => {
    const [at, data] = [path('reading'), path('notes.tfrecord')];
    writeFileSync(data, recordsOf(notes));
    const program = `
      import { openDataset } from './src/dataset/open-dataset.ts';
      const at = ${JSON.stringify(at)};
      copyFileSync(${JSON.stringify(data)}, join(at, 'notes.tfrecord'));
      try { writeFileSync(join(at, 'filler'), new Uint8Array(1e6)); } catch {}
      const dataset = await openDataset(join(at, 'notes.tfrecord'));
      const named = await failure(openDataset(join(at, 'notes.tfrecord'), { index: join(at, 'index') }));
      tell({ notes: dataset.length, first: (await dataset.note(0)).id, named, files: readdirSync(at).sort() });
    `;
    expect(await told(program, small(at, 64))).toEqual({
      notes: 6,
      first: notes[0]?.entry.note_str,
      named: ['BadFileError', 'ENOSPC'],
      files: ['filler', 'notes.tfrecord'],
    });
  });

  it('ends an import and leaves nothing of it, so that the next one finds an empty place', async () => {
    const [at, sounds] = [path('importing'), path('sounds')];
    mkdirSync(sounds);
    const audio = Float32Array.from({ length: 16_000 }, (_, n) => 0.5 * Math.sin((2 * Math.PI * 440 * n) / 16_000));
    for (let take = 0; take < 6; take++) writeFileSync(join(sounds, `a m69 take${take}.wav`), encodeWav(audio, 16_000));
    const program = `
      import { importFolder } from './src/import/import-folder.ts';
      const [from, to] = [${JSON.stringify(sounds)}, ${JSON.stringify(join(at, 'made', 'notes'))}];
      const first = await failure(importFolder(from, { to, seconds: 1 }));
      const left = readdirSync(${JSON.stringify(at)});
      const { imported } = await importFolder(from, { to, seconds: 0.1 });
      tell({ first, left, imported, made: readdirSync(to).sort() });
    `;
    expect(await told(program, small(at, 128))).toEqual({
      first: ['Error', 'ENOSPC'],
      left: [],
      imported: 6,
      made: ['audio', 'examples.json', 'import-report.json'],
    });
  });
});

describe('a collection whose report cannot be written', () => {
  it('does not come about', async () => {
    const to = path('unreported');
    const writable = notes.map(({ entry, audio }) => ({ audio, metadata: entry as never }));
    const attachment = { name: 'missing/report.json', content: () => '{}' };
    await expect(writeCollection(to, writable, { attachment })).rejects.toThrow(/ENOENT/);
    expect(existsSync(to)).toBe(false);
    const written = { name: 'report.json', content: (count: number) => `${count}` };
    expect(await writeCollection(to, writable, { attachment: written })).toBe(6);
    expect(existsSync(join(to, 'report.json'))).toBe(true);
  });
});
