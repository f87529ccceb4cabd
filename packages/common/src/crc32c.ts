/** The reflected Castagnoli polynomial's tables for eight bytes at a time: entry 256 k + b is byte b followed by k zero bytes. */
const table: Int32Array = (() => {
  const rows = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
    rows[byte] = value;
  }
  for (let i = 256; i < rows.length; i++) {
    const previous = rows[i - 256]!;
    rows[i] = (previous >>> 8) ^ rows[previous & 255]!;
  }
  return rows;
})();

const after = (byte: number, zeroBytes: number): number => table[zeroBytes * 256 + byte]!;

/**
 * CRC-32C (Castagnoli), which zlib does not have. RFC 3720, appendix B.4.
 *
 * @param before the checksum of the bytes before these, to sum a stream piece by piece
 * @returns unsigned, 32 bits
 */
export function crc32c(bytes: Uint8Array, before = 0): number {
  const byte = (index: number): number => bytes[index]!;
  let crc = ~before;
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
  return ~crc >>> 0;
}

/** A checksum as LevelDB and TensorFlow store it: rotated right by 15 bits plus a constant, so that a sum over data holding sums stays sound. */
export const maskCrc = (crc: number): number => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
