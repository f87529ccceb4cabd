import { crc32 } from './crc32.js';
import { inflateSync } from 'fflate';
import { ModelFileError } from '../errors.js';
import { parseNpy } from './npy.js';
import type { PlainTensor } from './plain-tensor.js';

/** Most bytes all arrays of a file may take together: what a model package keeps beside its weights is small. */
const mostBytes = 2 ** 30;

const [localSignature, centralSignature, endSignature] = [0x04034b50, 0x02014b50, 0x06054b50];
const [stored, deflated] = [0, 8];

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Of its local header. */
  readonly offset: number;
}

/**
 * Reads arrays that NumPy's `savez` or `savez_compressed` wrote (`.npz`), for example the normalisers of the original's training folders:
 * `normaliserFromOriginal` of `@gansynth/spectral` takes the rows of the array `normalizer`.
 *
 * @param file its name, for messages
 * @returns arrays by name, without `.npy`
 * @throws ModelFileError if it is truncated, damaged (checksums are compared) or something else
 */
export function parseNpz(bytes: Uint8Array, file = 'arrays.npz'): Readonly<Record<string, PlainTensor>> {
  const entries = entriesOf(bytes, file);
  const size = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (size > mostBytes) throw new ModelFileError(file, `expected at most ${mostBytes} bytes of arrays, found ${size}.`, size);
  return Object.fromEntries(
    entries.map((entry) => [entry.name.replace(/\.npy$/, ''), parseNpy(contents(bytes, entry, file), `${file}/${entry.name}`)]),
  );
}

const damaged = (file: string, what: string): never => {
  throw new ModelFileError(file, `expected ${what}, found none. The file is truncated, damaged, or no .npz.`);
};

/** The central directory, which lies at the end of a zip archive, before a comment of at most 65,535 bytes. */
function entriesOf(bytes: Uint8Array, file: string): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && end > bytes.length - 22 - 65_536 && view.getUint32(end, true) !== endSignature) end--;
  if (end < 0 || view.getUint32(end, true) !== endSignature) return damaged(file, 'the directory of a zip archive');
  const entries: Entry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let count = view.getUint16(end + 10, true); count > 0; count--) {
    if (at + 46 > end || view.getUint32(at, true) !== centralSignature) return damaged(file, 'an entry of the zip directory');
    const nameLength = view.getUint16(at + 28, true);
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

function contents(bytes: Uint8Array, { name, method, crc, packed, size, offset }: Entry, file: string): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const path = `${file}/${name}`;
  if (offset + 30 > bytes.length || view.getUint32(offset, true) !== localSignature) return damaged(path, 'its header');
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const raw = bytes.subarray(start, start + packed);
  if (method !== stored && method !== deflated)
    throw new ModelFileError(
      path,
      `expected it stored or deflated, found compression method ${method}. Save it with numpy.savez.`,
      method,
    );
  let data = raw;
  if (method === deflated) {
    try {
      data = inflateSync(raw, { out: new Uint8Array(size) });
    } catch {
      return damaged(path, `${size} bytes of deflated data`);
    }
  }
  if (data.length !== size || crc32(data) !== crc) return damaged(path, `${size} bytes with the checksum ${crc.toString(16)}`);
  return data;
}
