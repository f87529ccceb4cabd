import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { readGoldenBytes } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../test/collection.js';
import { ByteReader } from './files/byte-reader.js';
import { crc32c, maskCrc } from './crc32c.js';
import { cropOrPad } from './dataset/crop-or-pad.js';
import { Checkpoints, windowBytes } from './files/gzip-checkpoints.js';
import { GzipFile } from './files/gzip-file.js';
import { gunzipScan } from './files/gzip-scan.js';
import { IdLookup } from './table/id-lookup.js';
import { jsonEntries } from './formats/json-entries.js';
import { fileChunks, PlainFile } from './files/plain-file.js';
import { gansynthPitchDistribution } from './dataset/pitch-distribution.js';
import { permutation } from './random.js';
import { StringColumn } from './table/string-column.js';
import { tfRecords } from './formats/tfrecord.js';

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** A string that never ends. */
async function* endless(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('{"a":"');
  for (;;) yield Buffer.alloc(65_536, 0x61);
}

const windowOf = (k: number): Uint8Array => new Uint8Array(windowBytes).fill(k % 251);

describe('cropOrPad', () => {
  it.each([
    [[1, 2, 3], 3, [1, 2, 3]],
    [[1, 2, 3], 2, [1, 2]],
    [[1, 2, 3], 7, [0, 0, 1, 2, 3, 0, 0]],
    [[1, 2, 3], 6, [0, 0, 1, 2, 3, 0]],
    [[1], 2, [0, 1]],
    [[], 2, [0, 0]],
  ])('%j to %d: %j, the odd zero on the left', (audio, samples, expected) => {
    expect([...cropOrPad(Float32Array.from(audio), samples)]).toEqual(expected);
  });
});

describe('permutation', () => {
  it('holds every number once, and depends on length, seed and stream', () => {
    const order = permutation(1000, 1);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, index) => index));
    expect(permutation(1000, 1)).toEqual(order);
    expect(permutation(1000, 2)).not.toEqual(order);
    expect(permutation(1000, 1, 1)).not.toEqual(order);
    expect(permutation(1000, 2 ** 40 + 1)).not.toEqual(order);
    expect([permutation(0, 1).length, permutation(1, 1).length]).toEqual([0, 1]);
  });

  it('never changes, or saved cursors would lie', () => {
    expect([...permutation(8, 0)]).toEqual([0, 5, 2, 3, 6, 1, 7, 4]);
    expect([...permutation(8, -1, 5)]).toEqual([5, 7, 0, 3, 6, 1, 2, 4]);
  });

  it('gives all orders of four alike', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 24_000; seed++) {
      const order = permutation(4, seed).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    // 24 orders, 1000 expected of each, standard deviation 31: five of them on either side.
    expect(counts.size).toBe(24);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(155);
  });
});

describe('CRC-32C', () => {
  it('has the values of RFC 3720, and goes on from part to part', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, index) => index))).toBe(0x46dd794e);
    expect(crc32c(Buffer.from('456789'), crc32c(Buffer.from('123')))).toBe(0xe3069283);
    expect(maskCrc(0xe3069283)).toBe((((0xe3069283 >>> 15) | (0xe3069283 << 17)) + 0xa282ead8) >>> 0);
  });
});

describe('jsonEntries', () => {
  const object = { 'a"b': { x: [1, { y: '}{][' }], z: '\\"' }, 'ü{': 'text, with: "signs"', c: null, d: [], e: -1.5e3 };

  it('finds every member with its place, however the file is cut into pieces', async () => {
    for (const text of [JSON.stringify(object), JSON.stringify(object, undefined, 4), `\ufeff ${JSON.stringify(object)} \n`]) {
      const bytes = Buffer.from(text);
      for (const size of [1, 2, 3, 7, 64, 10_000]) {
        const found: Record<string, unknown> = {};
        for await (const { key, value, offset } of jsonEntries(inPieces(bytes, size), 'x.json')) {
          found[key] = value;
          expect(bytes.toString('utf8', offset, offset + Buffer.byteLength(JSON.stringify(key)))).toBe(JSON.stringify(key));
        }
        expect(found).toEqual(object);
      }
    }
  });

  it.each([
    '',
    '[]',
    '{',
    '{"a"',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    '{"a" 1}',
    '{"a":1}}',
    '{"a":1} x',
    '{"a":{]}}',
    '{"a":1 "b":2}',
    '{a:1}',
    '{"a":01}',
  ])('refuses %s', async (text) => {
    const read = async (): Promise<void> => {
      for await (const _ of jsonEntries(inPieces(Buffer.from(text), 2), 'x.json'));
    };
    await expect(read()).rejects.toThrow(/x.json: (a: )?(at byte \d+: )?expected .*found/);
  });

  const four = `{\n${[1, 2, 3, 4].map((id) => `"n${id}": {\n "note": ${id},\n "qualities_str": ["a, {b"]\n}`).join(',\n')}\n}`;
  const damaged: [string, string, string[]][] = [
    ['NaN', four.replace('"note": 2', '"note": NaN'), ['n1', 'n3', 'n4']],
    ['no value', four.replace('"note": 2', '"note":'), ['n1', 'n3', 'n4']],
    ['a missing quote', four.replace('"note": 2', '"note: 2'), ['n1', 'n3', 'n4']],
    ['a missing quote, all on one line', four.replaceAll('\n', '').replace('"note": 2', '"note: 2'), ['n1', 'n3', 'n4']],
    ['a missing bracket', four.replace('"note": 2', '"x": [1, "note": 2'), ['n1', 'n3', 'n4']],
    ['a missing brace', four.replace('}', ''), ['n2', 'n3', 'n4']],
    ['a brace too many', four.replace('}', '}}'), ['n1', 'n2', 'n3', 'n4']],
    ['a comma too many', four.replace('},', '},,'), ['n1', 'n2', 'n3', 'n4']],
    ['a comma after the last', `${four.slice(0, -1)},}`, ['n1', 'n2', 'n3', 'n4']],
    ['a missing comma', four.replace('},', '}'), ['n3', 'n4']],
    ['no end', four.slice(0, -6), ['n1', 'n2', 'n3']],
  ];
  it.each(damaged)('goes on after %s where it is asked to', async (_, text, expected) => {
    for (const size of [3, 10_000]) {
      const [found, faults]: [string[], string[]] = [[], []];
      const entries = jsonEntries(inPieces(Buffer.from(text), size), 'x.json', ({ message }) => faults.push(message));
      for await (const { key, value } of entries) {
        found.push(key);
        expect(value).toHaveProperty('note', Number(key.slice(1)));
      }
      expect(found).toEqual(expected);
      expect(faults.length).toBeGreaterThan(0);
    }
  });

  it('refuses a member without an end before it fills the memory', async () => {
    await expect(jsonEntries(endless(), 'x.json').next()).rejects.toThrow(/entries of at most 1048576 bytes/);
  });
});

describe('PlainFile', () => {
  it('reads the same in order, with gaps, backwards and beyond pieces', async () => {
    const content = Buffer.from(Uint32Array.from({ length: 3_000_000 }, (_, index) => Math.imul(index, 2654435761)).buffer);
    const path = join(temporaryFolder(), 'plain.bin');
    writeFileSync(path, content);
    const file = new PlainFile(path);
    const requests: [number, number][] = [];
    for (let at = 0; at < content.length; at += 700_016) requests.push([at, 700_000]);
    requests.push(
      [0, 10],
      [5_000_000, 3_000_000],
      [8_000_000, 4_500_000],
      [100, 6_000_000],
      [6_000_100, 100],
      [content.length - 5, 100],
    );
    const results = await Promise.all(
      requests.map(([offset, length]) =>
        file.read(offset, length, (bytes) => Buffer.compare(bytes, content.subarray(offset, offset + length))),
      ),
    );
    expect(results.every((difference) => difference === 0)).toBe(true);
    await file.close();
  });
});

describe('gzip', () => {
  const content = Buffer.from(
    Array.from({ length: 60_000 }, (_, index) => `${index}:${Math.imul(index, 48271) % 1000} `).join(''),
  );

  it.each([
    ['best', gzipSync(content, { level: 9 })],
    ['fastest', gzipSync(content, { level: 1 })],
    ['stored', gzipSync(content, { level: 0 })],
    [
      'with a name in its header',
      Buffer.concat([
        Buffer.from('1f8b08080000000000036e616d6500', 'hex'),
        deflateRawSync(content),
        gzipSync(content).subarray(-8),
      ]),
    ],
    ['padded with zeros', Buffer.concat([gzipSync(content), Buffer.alloc(1000)])],
    [
      'of several members, an empty one among them',
      Buffer.concat([content.subarray(0, 99_999), Buffer.alloc(0), content.subarray(99_999)].map((part) => gzipSync(part))),
    ],
  ])('%s: is read from every noted place', async (_, packed) => {
    const path = join(temporaryFolder(), 'x.gz');
    writeFileSync(path, packed);
    const checkpoints = new Checkpoints(20_000);
    const parts: Uint8Array[] = [];
    for await (const part of gunzipScan(fileChunks(path, { size: 5000 }), path, checkpoints)) parts.push(part);
    expect(Buffer.compare(Buffer.concat(parts), content)).toBe(0);
    expect(checkpoints.length).toBeGreaterThan(0);
    const file = new GzipFile(path, Checkpoints.from(checkpoints.parts()));
    for (const offset of [0, 1, 19_999, 50_000, 300_000, 100_000, 99_990, content.length - 50]) {
      const same = await file.read(offset, 40, (bytes) => Buffer.compare(bytes, content.subarray(offset, offset + 40)));
      expect(same).toBe(0);
    }
    await file.close();
  });

  it('keeps at most 1,024 windows by doubling their distance, and every start of a member', () => {
    const checkpoints = new Checkpoints(10);
    for (let k = 0; k < 5000; k++) {
      if (k % 1000 === 0) checkpoints.add({ unpacked: 10 * k, packed: k, bits: 0, window: undefined });
      else if (checkpoints.isDue(10 * k)) checkpoints.add({ unpacked: 10 * k, packed: k, bits: k % 8, window: windowOf(k) });
    }
    const all = Array.from({ length: checkpoints.length }, (_, index) => checkpoints.get(index));
    expect(all.filter((checkpoint) => checkpoint.window === undefined).map(({ unpacked }) => unpacked)).toEqual([
      0, 10_000, 20_000, 30_000, 40_000,
    ]);
    const kept = all.filter((checkpoint) => checkpoint.window !== undefined);
    expect(kept.length).toBeGreaterThan(500);
    expect(kept.length).toBeLessThanOrEqual(1024);
    for (const { unpacked, packed, bits, window: bytes } of kept)
      expect([packed, bits, bytes?.[0], bytes?.at(-1)]).toEqual([unpacked / 10, packed % 8, packed % 251, packed % 251]);
    expect(checkpoints.get(checkpoints.before(25_000)).unpacked).toBeLessThanOrEqual(25_000);
    expect(checkpoints.get(checkpoints.before(25_000) + 1).unpacked).toBeGreaterThan(25_000);
  });
});

describe('IdLookup', () => {
  it('finds 20,000 names and no other', () => {
    const names = new StringColumn();
    const lookup = new IdLookup(names);
    for (let k = 0; k < 20_000; k++) {
      names.push(`ñame-${k}`);
      expect(lookup.add(k)).toBe(true);
    }
    names.push('ñame-7');
    expect(lookup.add(20_000)).toBe(false);
    for (let k = 0; k < 20_000; k += 97) expect(lookup.find(`ñame-${k}`)).toBe(k);
    expect(lookup.find('ñame-20000')).toBe(-1);
    expect(names.get(19_999)).toBe('ñame-19999');
  });
});

it("GANSynth's pitch counts are those of its 60,788 training notes", () => {
  const { pitches, counts } = gansynthPitchDistribution;
  expect([pitches[0], pitches.at(-1), pitches.length, counts.length]).toEqual([24, 84, 61, 61]);
  expect(counts.reduce((sum, count) => sum + count)).toBe(60_788);
});

describe('records TensorFlow wrote', () => {
  it('are read with their checksums', async () => {
    const path = 'tfrecord/three-strings.tfrecord';
    const texts: string[] = [];
    for await (const { data } of tfRecords(new ByteReader(inPieces(readGoldenBytes(path), 7)), {
      file: path,
      maxBytes: 1000,
      onBadRecord: (error) => expect.fail(String(error)),
    }))
      texts.push(Buffer.from(data).toString('utf8'));
    expect(texts).toEqual(['hello world', '12345', 'success']);
  });
});
