import type { ByteReader } from '../files/byte-reader.js';
import { crc32c, maskCrc } from '../crc32c.js';
import { BadFileError, BadNoteError } from '../errors.js';

export interface TFRecord {
  /** Where the record's data begin, from the start of the stream. */
  readonly offset: number;
  readonly data: Uint8Array;
  /** CRC-32C of the data, not masked. */
  readonly hash: number;
}

const headerLength = 12;
const footerLength = 4;
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Walks through TFRecord framing: length, masked CRC of the length, data, masked CRC of the data.
 *
 * @param reader stands at the first record
 * @param options.length bytes the records fill; default: up to the end of the stream
 * @param options.onBadRecord told of a record whose length is sound and whose data are not; the walk then goes on
 * @throws BadFileError where the framing itself is broken, since no later record can be found then
 */
export async function* tfRecords(
  reader: ByteReader,
  options: {
    readonly file: string;
    readonly length?: number;
    readonly maxBytes: number;
    readonly onBadRecord: (error: BadNoteError) => void;
  },
): AsyncGenerator<TFRecord> {
  const { file, length: total = Infinity, maxBytes, onBadRecord } = options;
  const end = reader.position + total;
  for (let number = 0; reader.position < end; number++) {
    const start = reader.position;
    const record = `record ${number}`;
    const broken = (reason: string): BadFileError => new BadFileError({ file, record, offset: start, reason });
    const bad = (reason: string): BadNoteError => new BadNoteError({ file, record, offset: start, reason });
    const header = await reader.read(Math.min(headerLength, end - start));
    if (header.length === 0) return;
    if (header.length < headerLength)
      throw broken(`expected a record header of 12 bytes, found ${header.length}: the file is cut short`);
    if (maskCrc(crc32c(header.subarray(0, 8))) !== viewOf(header).getUint32(8, true))
      throw broken('expected a length that agrees with its checksum, found damage: no later record of this file can be found');
    const length = Number(viewOf(header).getBigUint64(0, true));
    if (reader.position + length + footerLength > end)
      throw broken(`expected ${length} bytes of data, found the end: the file is cut short`);
    if (length > maxBytes) {
      onBadRecord(bad(`expected at most ${maxBytes} bytes for one note, found ${length}. Raise maxNoteBytes if that is right`));
      if ((await reader.skip(length + footerLength)) < length + footerLength)
        throw broken(`expected ${length} bytes of data, found the end: the file is cut short`);
      continue;
    }
    const offset = reader.position;
    const data = await reader.read(length);
    const footer = await reader.read(footerLength);
    if (footer.length < footerLength)
      throw broken(
        `expected ${length} bytes of data and their checksum, found ${data.length + footer.length}: the file is cut short`,
      );
    const hash = crc32c(data);
    if (maskCrc(hash) === viewOf(footer).getUint32(0, true)) yield { offset, data, hash };
    else onBadRecord(bad('expected data that agree with their checksum, found damage'));
  }
}

/** One record with its framing. */
export function encodeTFRecord(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(headerLength + data.length + footerLength);
  const view = viewOf(bytes);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskCrc(crc32c(bytes.subarray(0, 8))), true);
  bytes.set(data, headerLength);
  view.setUint32(headerLength + data.length, maskCrc(crc32c(data)), true);
  return bytes;
}
