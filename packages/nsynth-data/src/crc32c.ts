import native from '@node-rs/crc32';

/** CRC-32C (Castagnoli) of bytes, as an unsigned 32-bit number; `before` is that of the bytes before them. */
export const crc32c = (bytes: Uint8Array, before = 0): number => native.crc32c(bytes, before);

/** The form TFRecord files store: rotated right by 15 bits plus a constant, so that a sum over data with sums in it stays good. */
export const maskCrc = (crc: number): number => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
