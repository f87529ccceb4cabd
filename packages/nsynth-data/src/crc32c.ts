export { maskCrc } from '@gansynth/common/crc32c';
import native from '@node-rs/crc32';

/** CRC-32C (Castagnoli) of bytes, as an unsigned 32-bit number; `before` is that of the bytes before them. */
export const crc32c = (bytes: Uint8Array, before = 0): number => native.crc32c(bytes, before);
