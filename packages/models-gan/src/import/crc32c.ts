/** The reflected Castagnoli polynomial's tables for eight bytes at a time: entry 256 k + b is byte b followed by k zero bytes. */
const table: Int32Array = (() => {
  const rows = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
    rows[byte] = value;
  }
  for (let i = 256; i < rows.length; i++) {
    const previous = rows[i - 256] as number;
    rows[i] = (previous >>> 8) ^ (rows[previous & 255] as number);
  }
  return rows;
})();

const after = (byte: number, zeroBytes: number): number => table[zeroBytes * 256 + byte] as number;

/** CRC-32C (Castagnoli) of `bytes`, unsigned. RFC 3720, appendix B.4. */
export function crc32c(bytes: Uint8Array): number {
  const byte = (index: number): number => bytes[index] as number;
  let crc = -1;
  let i = 0;
  for (; i + 8 <= bytes.length; i += 8) {
    crc ^= byte(i) | (byte(i + 1) << 8) | (byte(i + 2) << 16) | (byte(i + 3) << 24);
    crc =
      after(crc & 255, 7) ^
      after((crc >>> 8) & 255, 6) ^
      after((crc >>> 16) & 255, 5) ^
      after(crc >>> 24, 4) ^
      after(byte(i + 4), 3) ^
      after(byte(i + 5), 2) ^
      after(byte(i + 6), 1) ^
      after(byte(i + 7), 0);
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ after((crc ^ byte(i)) & 255, 0);
  return (crc ^ -1) >>> 0;
}

/** As LevelDB and TensorFlow store it: rotated by 15 bits plus a constant, so that a checksum of data holding checksums stays sound. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
