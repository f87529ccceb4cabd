import { systemCodeOf } from '@gansynth/common/errors';
import { constants, inflateSync } from 'node:zlib';

type Magic = readonly [what: string, offset: number, bytes: string | readonly number[]];

/** Files that are met where notes or sounds are expected, by how they begin. */
const magics: readonly Magic[] = [
  ['a WAV file', 8, 'WAVE'],
  ['AAC in MPEG-4 (.m4a)', 4, 'ftyp'],
  ['Wave64', 0, [0x72, 0x69, 0x66, 0x66, 0x2e, 0x91]],
  ['big-endian WAV (RIFX)', 0, 'RIFX'],
  ['Apple Core Audio (.caf)', 0, 'caff'],
  ['Sun audio (.au)', 0, '.snd'],
  ['Windows Media', 0, [0x30, 0x26, 0xb2, 0x75]],
  ['WavPack', 0, 'wvpk'],
  ["Monkey's Audio", 0, 'MAC '],
  ['Matroska or WebM', 0, [0x1a, 0x45, 0xdf, 0xa3]],
  ['a MIDI file', 0, 'MThd'],
  ['a SoundFont', 8, 'sfbk'],
  ['AIFF', 8, 'AIFF'],
  ['AIFF', 8, 'AIFC'],
  ['FLAC', 0, 'fLaC'],
  ['Ogg', 0, 'OggS'],
  ['MP3', 0, 'ID3'],
  ['AppleDouble, which macOS leaves beside files', 0, [0x00, 0x05, 0x16, 0x07]],
  ['a zip archive', 0, [0x50, 0x4b, 0x03, 0x04]],
  ['gzip data', 0, [0x1f, 0x8b]],
  ['bzip2 data', 0, 'BZh'],
  ['xz data', 0, [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['Zstandard data', 0, [0x28, 0xb5, 0x2f, 0xfd]],
  ['a 7z archive', 0, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['HDF5', 0, [0x89, 0x48, 0x44, 0x46]],
  ['Parquet', 0, 'PAR1'],
  ['a NumPy array', 0, [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]],
  ['PNG', 0, [0x89, 0x50, 0x4e, 0x47]],
];

const startsAt = (bytes: Uint8Array, offset: number, wanted: string | readonly number[]): boolean =>
  bytes.length >= offset + wanted.length &&
  [...wanted].every((byte, index) => bytes[offset + index] === (typeof byte === 'number' ? byte : byte.charCodeAt(0)));

/** True if these bytes begin a zlib stream (RFC 1950): the two of its header agree, and what follows can be unpacked. */
function isZlib(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes;
  if ((first & 0x0f) !== 8 || ((first << 8) | second) % 31 !== 0) return false;
  try {
    return inflateSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1 << 20 }).length > 0;
  } catch (error) {
    return systemCodeOf(error) === 'ERR_BUFFER_TOO_LARGE';
  }
}

/** What a file of another kind is, in words; undefined if its beginning tells nothing. */
export function contentsOf(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return 'an empty file';
  const found = magics.find(([, offset, wanted]) => startsAt(bytes, offset, wanted));
  if (found !== undefined) return found[0];
  // A raw AAC stream has the sync word of MPEG audio and a layer of 0.
  if (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xf6) === 0xf0) return 'AAC (ADTS)';
  const text = Buffer.from(bytes.subarray(0, 200)).toString('utf8').trimStart().toLowerCase();
  if (/^(?:<!doctype html|<html|<head|<\?xml)/.test(text)) return 'a web page';
  if (text.startsWith('version https://git-lfs')) return 'a pointer of Git LFS, not the file itself';
  if (text.startsWith('{')) return 'JSON';
  if (isZlib(bytes)) return 'zlib data';
  return undefined;
}
