import { openGoldenArchive, splitGoldenPath } from './golden-archive.js';
import { fetchBytes } from './fetch-bytes.js';
import { parseNpy, type Npy } from './npy.js';

// Not written as new URL(..., import.meta.url) in one: the bundler would take that for an asset of its own.
const here = import.meta.url;
const opened = new Map<string, Promise<(entry: string) => Uint8Array>>();

/*
 * The readers of the Node kit by the same names, as promises: a suite that awaits them runs in both places.
 */
export async function readGoldenBytes(path: string): Promise<Uint8Array> {
  const { subject, entry } = splitGoldenPath(path);
  let archive = opened.get(subject);
  if (!archive) {
    archive = fetchBytes(new URL(`../golden/${subject}.zip`, here).href).then((bytes) => openGoldenArchive(bytes, subject));
    opened.set(subject, archive);
  }
  return (await archive)(entry);
}

export const readGolden = async <T>(path: string): Promise<T> =>
  JSON.parse(new TextDecoder().decode(await readGoldenBytes(path))) as T;
export const readGoldenNpy = async (path: string): Promise<Npy> => parseNpy(await readGoldenBytes(path), path);
