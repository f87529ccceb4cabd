import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { openGoldenArchive, splitGoldenPath } from './golden-archive.js';
import { parseNpy, type Npy } from './npy.js';

/** Where the archives lie. GANSYNTH_GOLDEN names another folder: a test shows with an empty one that suites fail without their numbers. */
const folder = process.env['GANSYNTH_GOLDEN'] ?? fileURLToPath(new URL('../golden/', import.meta.url));
const archiveOf = (subject: string): Uint8Array => readFileSync(join(folder, `${subject}.zip`));

const opened = new Map<string, (entry: string) => Uint8Array>();

/** A file of the golden numbers (golden/README.md says what they are), such as `midi/piece.mid`. Throws where there is none. */
export function readGoldenBytes(path: string): Uint8Array {
  const { subject, entry } = splitGoldenPath(path);
  let read = opened.get(subject);
  if (!read) opened.set(subject, (read = openGoldenArchive(archiveOf(subject), subject)));
  return read(entry);
}

/** A JSON file of the golden numbers. */
export const readGolden = <T>(path: string): T => JSON.parse(new TextDecoder().decode(readGoldenBytes(path))) as T;

/** An array of the golden numbers. */
export const readGoldenNpy = (path: string): Npy => parseNpy(readGoldenBytes(path), path);

/** Writes a folder of the golden numbers, such as `tf1-checkpoint/acoustic_tiny`, under `into`; returns where it lies there. */
export function unpackGolden(path: string, into: string): string {
  const { subject, entry } = splitGoldenPath(path);
  const files = Object.entries(unzipSync(archiveOf(subject), { filter: ({ name }) => name.startsWith(`${entry}/`) }));
  if (files.length === 0) throw new Error(`test-kit: expected a folder ${entry} in golden/${subject}.zip, found none`);
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(into, name)), { recursive: true });
    writeFileSync(join(into, name), bytes);
  }
  return join(into, entry);
}
