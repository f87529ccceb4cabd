import { crc32c } from '@gansynth/common/crc32c';

/** A field of a protocol buffer message: varints and fixed64 as bigint, fixed32 as bytes, the rest as bytes. */
export type Fields = Map<number, (bigint | Uint8Array)[]>;

/*
 * An independent reading of TFRecord framing and of the protocol buffer wire format, written from their specifications, without the
 * schema and the library that wrote the file.
 */

const unmask = (masked: number): number => {
  const rotated = (masked - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
};

/** Splits a record file, checking both checksums of every record. */
export function readRecords(file: Buffer): Uint8Array[] {
  const records: Uint8Array[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    if (unmask(file.readUInt32LE(at + 8)) !== crc32c(file.subarray(at, at + 8))) throw new Error(`length checksum at ${at}`);
    const data = file.subarray(at + 12, at + 12 + length);
    if (unmask(file.readUInt32LE(at + 12 + length)) !== crc32c(data)) throw new Error(`data checksum at ${at}`);
    records.push(data);
    at += 16 + length;
  }
  return records;
}

export function readFields(message: Uint8Array): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const wireType = Number(key & 7n);
    let value: bigint | Uint8Array;
    if (wireType === 0) value = varint();
    else {
      const length = wireType === 1 ? 8 : wireType === 5 ? 4 : Number(varint());
      value = message.subarray(at, at + length);
      at += length;
    }
    const number = Number(key >> 3n);
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
export const bytesOf = (fields: Fields, number: number): Uint8Array => fields.get(number)?.[0] as Uint8Array;
export const textOf = (fields: Fields, number: number): string => Buffer.from(bytesOf(fields, number)).toString('utf8');
export const wholeOf = (fields: Fields, number: number): number => Number((fields.get(number)?.[0] as bigint | undefined) ?? 0n);
export const floatOf = (fields: Fields, number: number): number => view(bytesOf(fields, number)).getFloat32(0, true);
export const doubleOf = (fields: Fields, number: number): number => view(bytesOf(fields, number)).getFloat64(0, true);
