import { describe, expect, it } from 'vitest';
import { checkTables } from './check-tables.js';

const chunk = (id: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head.write(id);
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
};
const list = (id: string, ...chunks: Buffer[]): Buffer => chunk('LIST', Buffer.concat([Buffer.from(id), ...chunks]));

/** Records of 16-bit words, each at its place in the record. */
const table = (id: string, size: number, records: readonly (readonly [at: number, word: number])[][]): Buffer => {
  const body = Buffer.alloc(size * records.length);
  for (const [i, words] of records.entries()) for (const [at, word] of words) body.writeUInt16LE(word, i * size + at);
  return chunk(id, body);
};

const upTo = (count: number): number[] => Array.from({ length: count + 1 }, (_, i) => i);

/** One preset of so many zones, each naming one instrument of so many zones. */
function font(presetZones: number, instrumentZones: number): Buffer {
  const pdta = list(
    'pdta',
    table('phdr', 38, [[[24, 0]], [[24, presetZones]]]),
    table(
      'pbag',
      4,
      upTo(presetZones).map((i) => [[0, i]]),
    ),
    table(
      'pgen',
      4,
      upTo(presetZones).map((i) =>
        i < presetZones
          ? [
              [0, 41],
              [2, 0],
            ]
          : [],
      ),
    ),
    table('inst', 22, [[[20, 0]], [[20, instrumentZones]]]),
    table(
      'ibag',
      4,
      upTo(instrumentZones).map((i) => [[0, i]]),
    ),
    table(
      'igen',
      4,
      upTo(instrumentZones).map(() => []),
    ),
  );
  return chunk('RIFF', Buffer.concat([Buffer.from('sfbk'), pdta]));
}

describe('tables of a SoundFont', () => {
  it('may name an instrument of many zones in many zones, up to a bound', () => {
    expect(() => checkTables(font(256, 256))).not.toThrow();
    expect(() => checkTables(font(256, 257))).toThrow(/expected at most 65536 zones for preset 0, found 65792/);
    expect(() => checkTables(font(60_000, 60_000))).toThrow(/found 3600000000/);
  });

  it('point in order', () => {
    const bytes = font(2, 2);
    bytes.writeUInt16LE(9, bytes.indexOf('phdr') + 8 + 38 + 24);
    expect(() => checkTables(bytes)).toThrow(/expected record 1 of phdr to point to 0 to 3 of pbag, found 9/);
  });

  it('are left to the reader in what is no SoundFont', () => {
    expect(() => checkTables(Buffer.from('RIFF of something else'))).not.toThrow();
    expect(() => checkTables(Buffer.alloc(0))).not.toThrow();
  });
});
