import { describe, expect, it } from 'vitest';
import { crc32c, maskedCrc32c } from './crc32c.js';

/** Bit by bit, straight from the definition. */
function naive(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const ofBytes = (value: (i: number) => number): number => crc32c(Uint8Array.from({ length: 32 }, (_, i) => value(i)));

describe('crc32c', () => {
  it('gives the check value of the catalogue for "123456789"', () => {
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
  });

  it('gives the values of RFC 3720 for 32 bytes of zeros, of ones, ascending and descending', () => {
    expect([ofBytes(() => 0), ofBytes(() => 255), ofBytes((i) => i), ofBytes((i) => 31 - i)]).toEqual([
      0x8a9136aa, 0x62a8ab43, 0x46dd794e, 0x113fdb5c,
    ]);
  });

  it('agrees with the definition for every length around its eight-byte step', () => {
    for (let length = 0; length < 40; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + length * 7) & 255);
      expect(crc32c(bytes)).toBe(naive(bytes));
    }
  });

  it('masks as LevelDB does: rotate right by 15, add a constant', () => {
    const bytes = new TextEncoder().encode('foo');
    const crc = BigInt(naive(bytes));
    const rotated = ((crc >> 15n) | (crc << 17n)) & 0xffffffffn;
    expect(maskedCrc32c(bytes)).toBe(Number((rotated + 0xa282ead8n) & 0xffffffffn));
  });
});
