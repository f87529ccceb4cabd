import { describe, expect, it } from 'vitest';
import { crc32c, maskCrc } from './crc32c.js';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('crc32c', () => {
  it.each([
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(255), 0x62a8ab43],
    ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['31 to 0', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
    ['the check value 123456789', ascii('123456789'), 0xe3069283],
    ['nothing', new Uint8Array(0), 0],
  ])('agrees with RFC 3720: %s', (_, bytes, sum) => {
    expect(crc32c(bytes)).toBe(sum);
  });

  it('agrees with the definition for every length around its eight-byte step', () => {
    for (let length = 0; length < 40; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + length * 7) & 255);
      let crc = 0xffffffff;
      for (const byte of bytes) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
      }
      expect(crc32c(bytes)).toBe((crc ^ 0xffffffff) >>> 0);
    }
  });

  it('sums a stream piece by piece, whatever the pieces', () => {
    const whole = Uint8Array.from({ length: 1000 }, (_, i) => (i * 131 + 7) & 255);
    for (const cut of [0, 1, 7, 8, 9, 500, 999, 1000]) {
      expect(crc32c(whole.subarray(cut), crc32c(whole.subarray(0, cut)))).toBe(crc32c(whole));
    }
  });

  it('masks as TensorFlow does, by a record that it wrote', () => {
    const length = Uint8Array.of(11, 0, 0, 0, 0, 0, 0, 0);
    expect(maskCrc(crc32c(length))).toBe(0x04f51586);
    expect(maskCrc(crc32c(ascii('hello world')))).toBe(0x6dd87e00);
  });
});
