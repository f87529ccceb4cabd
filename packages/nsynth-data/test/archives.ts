import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { encodeExampleNote } from '../src/formats/example-note.js';
import type { NSynthMetadata } from '../src/notes/note.js';
import { encodeTFRecord } from '../src/formats/tfrecord.js';
import { encodeWav } from '../src/formats/wav.js';
import type { MadeNote } from './collection.js';

/** Entries of an archive, in their order. */
export type Entries = readonly (readonly [name: string, content: Uint8Array | string])[];

/** A tar archive made by a library that is not ours. */
export async function writeTar(path: string, entries: Entries): Promise<string> {
  const archive = pack();
  const written = pipeline(archive, createWriteStream(path));
  for (const [name, content] of entries) archive.entry({ name, mtime: new Date(0) }, Buffer.from(content as string));
  archive.finalize();
  await written;
  return path;
}

export const jsonOf = (notes: readonly MadeNote[]): string =>
  JSON.stringify(Object.fromEntries(notes.map(({ entry }) => [entry.note_str, entry])));

export const wavEntries = (notes: readonly MadeNote[], folder = 'nsynth-test'): Entries =>
  notes.map(
    ({ entry, audio }) => [`${folder}/audio/${entry.note_str}.wav`, encodeWav(audio, entry['sample_rate'] as number)] as const,
  );

export const recordsOf = (notes: readonly MadeNote[]): Buffer =>
  Buffer.concat(notes.map(({ entry, audio }) => encodeTFRecord(encodeExampleNote(entry as unknown as NSynthMetadata, audio))));

export function gzipFile(path: string, { level = 6 }: { level?: number } = {}): string {
  writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level }));
  return `${path}.gz`;
}
