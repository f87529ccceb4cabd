import { crc32c, maskCrc } from '@gansynth/common/crc32c';

/** One record of a TFRecord file: length, its checksum, the bytes, their checksum. */
export function encodeRecord(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(16 + data.length);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(maskCrc(crc32c(record.subarray(0, 8))), 8);
  record.set(data, 12);
  record.writeUInt32LE(maskCrc(crc32c(data)), 12 + data.length);
  return record;
}
