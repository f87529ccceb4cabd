/** Remainders of all bytes by a polynomial, most significant bit first, as Ogg and FLAC have it. */
function table(bits: 8 | 16 | 32, polynomial: number): Uint32Array {
  const top = 2 ** (bits - 1);
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = (byte * 2 ** (bits - 8)) >>> 0;
    for (let bit = 0; bit < 8; bit++) rest = ((rest & top) !== 0 ? (rest << 1) ^ polynomial : rest << 1) >>> 0;
    return bits === 32 ? rest : rest % 2 ** bits;
  });
}

const remainder =
  (bits: 8 | 16 | 32, polynomial: number) =>
  (bytes: Uint8Array): number => {
    const rests = tables.get(bits) ?? table(bits, polynomial);
    tables.set(bits, rests);
    const mask = bits === 32 ? 0xffffffff : 2 ** bits - 1;
    let sum = 0;
    for (const byte of bytes) sum = (((sum << 8) ^ (rests[((sum >>> (bits - 8)) ^ byte) & 0xff] ?? 0)) & mask) >>> 0;
    return sum;
  };

const tables = new Map<number, Uint32Array>();

/** Of a page of Ogg whose own checksum is set to 0 (RFC 3533). */
export const oggChecksum: (page: Uint8Array) => number = remainder(32, 0x04c11db7);
/** Of the header of a FLAC frame (RFC 9639, 9.1.8). */
export const flacHeaderChecksum: (header: Uint8Array) => number = remainder(8, 0x07);
/** Of a FLAC frame (RFC 9639, 9.3). */
export const flacFrameChecksum: (frame: Uint8Array) => number = remainder(16, 0x8005);
