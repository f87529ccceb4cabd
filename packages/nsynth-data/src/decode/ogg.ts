import { Mismatch } from '../notes/labels.js';
import { viewOf } from '../formats/wav/layout.js';
import { oggChecksum } from './checksums.js';
import { startsWith } from './tags.js';

/** The one logical stream of an Ogg file, every page of which is there and whole. */
export interface OggStream {
  readonly packets: readonly Uint8Array[];
  /** Position of the last page, in what the codec counts; for sound samples from the start. */
  readonly end: bigint;
}

const headerLength = 27;
const [continued, first, last] = [1, 2, 4];

interface Page {
  readonly flags: number;
  readonly position: bigint;
  readonly serial: number;
  readonly number: number;
  /** Lengths of the pieces; one of 255 bytes goes on in the next. */
  readonly segments: Uint8Array;
  readonly body: Uint8Array;
  readonly length: number;
}

function readPage(bytes: Uint8Array, at: number): Page {
  const cut = new Mismatch('expected a last page of the Ogg stream that is whole, found a part of one: the file is cut short');
  if (at + headerLength > bytes.length) throw cut;
  const count = bytes[at + 26] ?? 0;
  const segments = bytes.subarray(at + headerLength, at + headerLength + count);
  const bodyLength = segments.reduce((sum, length) => sum + length, 0);
  const length = headerLength + count + bodyLength;
  if (segments.length < count || at + length > bytes.length) throw cut;
  const page = new Uint8Array(bytes.subarray(at, at + length));
  const view = viewOf(page);
  const checksum = view.getUint32(22, true);
  view.setUint32(22, 0);
  if (oggChecksum(page) !== checksum)
    throw new Mismatch(`expected Ogg pages that agree with their checksums, found damage at byte ${at}`);
  return {
    flags: view.getUint8(5),
    position: view.getBigInt64(6, true),
    serial: view.getUint32(14, true),
    number: view.getUint32(18, true),
    segments,
    body: page.subarray(headerLength + count),
    length,
  };
}

/** The pages of a file. What follows the last one may be zeros, nothing else. */
function* pages(bytes: Uint8Array): Generator<Page> {
  for (let at = 0; at < bytes.length;) {
    if (startsWith(bytes, 'OggS', at)) {
      const page = readPage(bytes, at);
      yield page;
      at += page.length;
    } else if (bytes.subarray(at).every((byte) => byte === 0)) return;
    else if (bytes.length - at < 4 && 'OggS'.startsWith(Buffer.from(bytes.subarray(at)).toString('latin1')))
      throw new Mismatch('expected a last page of the Ogg stream, found a part of one: the file is cut short');
    else throw new Mismatch(`expected an Ogg page, found something else at byte ${at}`);
  }
}

/**
 * Takes an Ogg file apart (RFC 3533): every page's checksum, their numbers, the first and the last of them are checked.
 *
 * @throws Mismatch for damage, a missing page, a missing end, and several streams in one file
 */
export function readOgg(bytes: Uint8Array): OggStream {
  const packets: Uint8Array[] = [];
  let pieces: Uint8Array[] = [];
  let before: Page | undefined;
  let end = 0n;
  for (const page of pages(bytes)) {
    if (before === undefined && (page.flags & first) === 0)
      throw new Mismatch('expected the first page of an Ogg stream, found a later one: its beginning is missing');
    if (before !== undefined && page.serial !== before.serial)
      throw new Mismatch('expected one stream in the Ogg file, found a second one. Take them apart first');
    if (before !== undefined && page.number !== before.number + 1)
      throw new Mismatch(`expected page ${before.number + 1} of the Ogg stream, found ${page.number}: a piece is missing`);
    if ((page.flags & continued) === 0) pieces = [];
    let at = 0;
    for (const length of page.segments) {
      pieces.push(page.body.subarray(at, at + length));
      at += length;
      if (length === 255) continue;
      packets.push(Buffer.concat(pieces));
      pieces = [];
    }
    if (page.position >= 0n) end = page.position;
    before = page;
  }
  if (before === undefined || (before.flags & last) === 0)
    throw new Mismatch('expected a last page of the Ogg stream, found none: the file is cut short');
  return { packets, end };
}
