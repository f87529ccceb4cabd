import { describe, expect, it } from 'vitest';
import { type Chunk, little, type WavParts, wavBytes } from '../../test/wav-bytes.js';
import { expansionOf } from './wav/g711.js';
import { encodeWav, wavChannel, wavLayout } from './wav.js';

// Exact in 8 bits and more.
const samples = [0, 0.5, -0.5, 0.25, -1, 0.9921875];
const pcm16 = { code: 1, bits: 16 };
const info: Chunk = ['LIST', [...'INFOINAM'].map((letter) => letter.charCodeAt(0)).concat([5, 0, 0, 0, 65, 52, 52, 48, 0])];
const odd: Chunk = ['LIST', [1, 2, 3]];
const smpl = (key: number): Chunk => ['smpl', [...little(0, 12), ...little(key, 4), ...little(0, 20)]];

const read = (bytes: Uint8Array, channel = 0): number[] => [...wavChannel(bytes, wavLayout(bytes), channel)];

describe('WAV', () => {
  const layouts: WavParts[] = [
    ...[8, 16, 24, 32].flatMap((bits) => [1, 2, 3].map((channels) => ({ code: 1, bits, channels }))),
    ...[12, 20, 28].flatMap((bits) => [1, 2].map((channels) => ({ code: 1, bits, channels }))),
    ...[32, 64].flatMap((bits) => [1, 2].map((channels) => ({ code: 3, bits, channels }))),
    { code: 1, bits: 16, extensible: true },
    { code: 1, bits: 20, extensible: true },
    { code: 3, bits: 32, extensible: true, channels: 2 },
    { code: 1, bits: 16, before: [odd] },
  ];
  it.each(layouts)('of %j is read exactly', (layout) => {
    const bytes = wavBytes(samples, layout);
    const channels = layout.channels ?? 1;
    expect(wavLayout(bytes)).toMatchObject({
      sampleRate: 22_050,
      channels,
      frames: samples.length / channels,
      bitsPerSample: layout.bits,
    });
    for (let channel = 0; channel < channels; channel++)
      expect(read(bytes, channel)).toEqual(samples.filter((_, index) => index % channels === channel));
  });

  it('is read from any address of memory that others share, as TFRecords and Buffers have it', () => {
    for (const layout of [pcm16, { code: 1, bits: 16, channels: 2 }, { code: 3, bits: 32 }, { code: 1, bits: 24 }]) {
      const bytes = wavBytes(samples, layout);
      for (const shift of [0, 1, 2, 3]) {
        const shared = Buffer.alloc(bytes.length + 8, 0x7f);
        shared.set(bytes, shift);
        const wanted = read(bytes);
        expect(read(shared.subarray(shift, shift + bytes.length))).toEqual(wanted);
        expect(read(new Uint8Array(shared).subarray(shift, shift + bytes.length))).toEqual(wanted);
      }
    }
  });

  const mono = (parts: Partial<WavParts>): Uint8Array => wavBytes(samples, { ...pcm16, ...parts });
  const wholeDespite: [string, Uint8Array][] = [
    ...[0, 0x7fffffff, 0x80000000, 0xffffffff, 0x7ffff000, 0xffffffdb].flatMap((size): [string, Uint8Array][] => [
      [`the length ${size} of a stream`, mono({ dataSize: size, riffSize: size })],
      [`the length ${size} of a stream after a list`, mono({ dataSize: size, between: [info] })],
    ]),
    ['an odd chunk without its padding before the samples', mono({ between: [[info[0], info[1], false]] })],
    ['an odd chunk without its padding before the format', mono({ before: [['note', [1, 2, 3], false]] })],
    ['an odd chunk that is padded with something', mono({ before: [['note', [1, 2, 3], 0x55]], between: [['what', [1], 0x41]] })],
    ['one stray byte at the end', mono({ rest: [7] })],
    ['zeros to the end of a block', mono({ rest: Array.from<number>({ length: 40 }).fill(0) })],
    ['a tag of another kind after it', mono({ rest: [0x54, 0x41, 0x47, ...Array.from<number>({ length: 125 }).fill(65)] })],
    ['chunks after the samples', mono({ after: [info, odd, smpl(60)] })],
    ['64-bit lengths (RF64)', mono({ form: 'RF64' })],
    ['64-bit lengths (BW64)', mono({ form: 'BW64', between: [odd] })],
    ['an RF64 stream that was never closed', mono({ form: 'RF64', dataSize: 0 })],
  ];
  it.each(wholeDespite)('with %s is whole', (_, bytes) => expect(read(bytes)).toEqual(samples));

  it('whose length is odd by one byte loses that byte and nothing else', () => {
    const whole = mono({});
    const longer = Uint8Array.from([...whole, 9]);
    new DataView(longer.buffer).setUint32(40, 2 * samples.length + 1, true);
    expect(read(longer)).toEqual(samples);
    const stereo = wavBytes(samples, { ...pcm16, channels: 2, rest: [9, 9] });
    new DataView(stereo.buffer).setUint32(40, 2 * samples.length + 2, true);
    expect(read(stereo, 1)).toEqual(samples.filter((__, index) => index % 2 === 1));
  });

  it('of A-law and mu-law follows the tables of G.711', () => {
    // Code words and their values on the 16-bit scale, from the tables of the recommendation.
    const laws = [
      { code: 6, bytes: [0xd5, 0x55, 0xaa, 0x2a, 0x80, 0xd4, 0xc5], values: [8, -8, 32256, -32256, 5504, 24, 264] },
      { code: 7, bytes: [0xff, 0x7f, 0x80, 0x00, 0xfe, 0xf0, 0xe0], values: [0, -0, 32124, -32124, 8, 120, 372] },
    ];
    for (const { code, bytes, values } of laws) {
      const wanted = values.map((value) => value + 0);
      for (const extensible of [false, true])
        expect(read(wavBytes(bytes, { code, bits: 8, extensible })).map((value) => value * 32768 + 0)).toEqual(wanted);
    }
    for (const law of ['A-law', 'mu-law'] as const) {
      const table = [...expansionOf(law)];
      // Each law is symmetric; mu-law has two zeros, A-law none.
      for (let byte = 0; byte < 128; byte++) expect(table[byte]).toBeCloseTo(-(table[byte + 128] ?? Number.NaN), 12);
      expect(new Set(table.map((value) => value + 0)).size).toBe(law === 'A-law' ? 256 : 255);
    }
  });

  it('tells the root key of a sampler, and none where there is none', () => {
    expect(wavLayout(mono({ between: [smpl(69)] })).rootKey).toBe(69);
    expect(wavLayout(mono({ after: [odd, smpl(45)] })).rootKey).toBe(45);
    expect(wavLayout(mono({ after: [['inst', [57, 0, 0, 0, 127, 1, 127]]] })).rootKey).toBe(57);
    expect(wavLayout(mono({ after: [smpl(69), ['inst', [57, 0, 0, 0, 127, 1, 127]]] })).rootKey).toBe(69);
    expect(wavLayout(mono({ after: [smpl(200)] })).rootKey).toBeUndefined();
    expect(wavLayout(mono({})).rootKey).toBeUndefined();
  });

  it('is written in 16 bits, rounded, and limited at full scale', () => {
    const bytes = encodeWav(Float32Array.of(0, 0.5, -1, 1, 3, -3, 0.4 / 32768, 0.6 / 32768), 16000);
    const values = read(bytes).map((value) => value * 32768);
    expect(values).toEqual([0, 16384, -32768, 32767, 32767, -32768, 0, 1]);
  });

  const junk = Array.from({ length: 30 }, (_, k) => 200 + k);
  it.each([
    ['MP3 inside', mono({ code: 0x55, bits: 8 }), /found format 85 \(MP3\) with 8 bits/],
    ['ADPCM inside', mono({ code: 0x11, bits: 8 }), /found format 17 \(IMA ADPCM\) with 8 bits/],
    ['floats of 16 bits', mono({ code: 3, bits: 16 }), /found format 3 with 16 bits/],
    ['integers of 64 bits', mono({ bits: 64 }), /found format 1 with 64 bits/],
    ['a block of another size', mono({ blockAlign: 3 }), /found 1 in 3 bytes/],
    ['24 bits in 4 bytes, either end of which may hold them', mono({ bits: 24, blockAlign: 4 }), /found 1 in 4 bytes/],
    ['no data', mono({}).subarray(0, 36), /expected a data chunk/],
    ['no samples', wavBytes([], pcm16), /expected samples, found none/],
    ['no samples, and chunks after them', wavBytes([], { ...pcm16, after: [info, odd] }), /expected samples, found none/],
    ['fewer samples than it says', mono({ dataSize: 14 }), /expected 14 bytes of samples, found 12: the file is cut short/],
    ['fewer samples than 64 bits say', mono({ form: 'RF64', dataSize: 2 ** 33 }), /found 12: the file is cut short/],
    [
      'more samples than it says',
      wavBytes(junk, { code: 6, bits: 8, dataSize: 10 }),
      /expected chunks after 10 bytes of samples, found 20 bytes that are none/,
    ],
    ['a float that is no number', wavBytes([Number.NaN], { code: 3, bits: 32 }), /found NaN at sample 0/],
    ['a float beyond use', wavBytes([1e30], { code: 3, bits: 64 }), /at sample 0/],
  ])('with %s is refused', (_, bytes, message) => {
    expect(() => wavChannel(bytes, wavLayout(bytes))).toThrow(message);
  });
});
