import type { ByteReader } from '../files/byte-reader.js';
import { BadFileError } from '../errors.js';

export interface TarEntry {
  /** Path inside the archive, as stored; nothing is said about its being harmless. */
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** Bytes of content. */
  readonly size: number;
  /** Where the content begins, from the start of the stream. */
  readonly offset: number;
}

const block = 512;
/** Longest name, and longest list of extended attributes. */
const longestExtra = 1 << 16;

/** True if the first block of a file is one of a tar archive. */
export const looksLikeTar = (start: Uint8Array): boolean =>
  start.length === block &&
  (Buffer.from(start.subarray(257, 262)).toString('latin1') === 'ustar' || start.every((byte) => byte === 0));

const text = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('utf8');
};

/** Octal digits, or, with the highest bit set, a big-endian binary number (GNU, for sizes from 8 GB on). */
function number(bytes: Uint8Array): number {
  if ((bytes[0]! & 0x80) !== 0) return bytes.subarray(1).reduce((sum, byte) => sum * 256 + byte, bytes[0]! & 0x7f);
  const digits = text(bytes).trim();
  return digits === '' ? 0 : /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

/** The sum of all header bytes, those of the sum itself counted as blanks. */
const checksum = (header: Uint8Array): number =>
  header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 0x20 : byte), 0);

/** `path` and `size` of a pax header: lines of "<length> <key>=<value>\n". */
function paxFields(bytes: Uint8Array): Map<string, string> {
  const fields = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const blank = bytes.indexOf(0x20, at);
    const length = blank < 0 ? Number.NaN : Number(Buffer.from(bytes.subarray(at, blank)).toString('latin1'));
    if (!(Number.isInteger(length) && length > blank - at + 1 && at + length <= bytes.length)) return fields.set('broken', '');
    const line = Buffer.from(bytes.subarray(blank + 1, at + length - 1)).toString('utf8');
    const equals = line.indexOf('=');
    fields.set(line.slice(0, equals), line.slice(equals + 1));
    at += length;
  }
  return fields;
}

const kindOf = (type: string): TarEntry['kind'] =>
  ['0', '\0', '7'].includes(type) ? 'file' : type === '5' ? 'folder' : type === '1' || type === '2' ? 'link' : 'other';

/**
 * Walks through a tar archive (ustar, GNU and pax). Between two entries the reader may be used to read the first one's content;
 * what is left of it is passed over. Own code because libraries do not say where an entry lies, and the index needs just that.
 *
 * @throws BadFileError if a header is damaged or the archive ends early
 */
export async function* tarEntries(reader: ByteReader, file: string): AsyncGenerator<TarEntry> {
  let longName: string | undefined;
  let longSize: number | undefined;
  for (;;) {
    const start = reader.position;
    const fail = (reason: string): BadFileError => new BadFileError({ file, offset: start, reason });
    const header = await reader.read(block);
    if (header.length < block) throw fail(`expected a header of 512 bytes, found ${header.length}: the archive is cut short`);
    if (header.every((byte) => byte === 0)) return;
    if (number(header.subarray(148, 156)) !== checksum(header))
      throw fail('expected a tar header that agrees with its checksum, found damage');
    const type = String.fromCharCode(header[156]!);
    const isExtra = 'xgLK'.includes(type);
    const size = (isExtra ? undefined : longSize) ?? number(header.subarray(124, 136));
    if (!Number.isSafeInteger(size) || size < 0) throw fail('expected the size of an entry, found none');
    const padded = Math.ceil(size / block) * block;
    if (isExtra) {
      if (size > longestExtra) throw fail(`expected at most ${longestExtra} bytes of attributes, found ${size}`);
      const content = (await reader.read(padded)).subarray(0, size);
      if (content.length < size)
        throw fail(`expected ${size} bytes of attributes, found ${content.length}: the archive is cut short`);
      if (type === 'L') longName = text(content);
      if (type === 'x') {
        const fields = paxFields(content);
        if (fields.has('broken')) throw fail('expected extended attributes, found something else');
        longName = fields.get('path') ?? longName;
        if (fields.has('size')) longSize = Number(fields.get('size'));
      }
      continue;
    }
    const prefix =
      Buffer.from(header.subarray(257, 262)).toString('latin1') === 'ustar' && header[263] === 0x30
        ? text(header.subarray(345, 500))
        : '';
    const short = text(header.subarray(0, 100));
    const offset = reader.position;
    yield { name: longName ?? (prefix === '' ? short : `${prefix}/${short}`), kind: kindOf(type), size, offset };
    const rest = offset + padded - reader.position;
    if ((await reader.skip(rest)) < rest)
      throw fail(`expected an entry of ${size} bytes, found the end: the archive is cut short`);
    longName = undefined;
    longSize = undefined;
  }
}

/** Parts of an entry's path, without `.`; undefined if it climbs out of the folder it would be unpacked in. */
export function safeParts(name: string): string[] | undefined {
  const parts = name.split('/').filter((part, index) => part !== '.' && !(part === '' && index > 0));
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  const isUnsafe = name === '' || parts[0] === '' || parts.includes('..') || /[\\\u0000-\u001f]|^[a-z]:/i.test(name);
  return isUnsafe ? undefined : parts;
}
