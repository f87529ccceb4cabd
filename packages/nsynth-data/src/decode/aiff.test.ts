import { describe, expect, it } from 'vitest';
import { decodeAiff } from './aiff.js';

type Chunk = readonly [id: string, content: readonly number[], padding?: number | false];

interface AiffParts {
  readonly bits: number;
  readonly channels?: number;
  /** AIFF-C's name for the coding; AIFF without. */
  readonly compression?: string;
  /** What the header says, if not the truth. */
  readonly frames?: number;
  readonly dataSize?: number;
  readonly between?: readonly Chunk[];
  readonly after?: readonly Chunk[];
  readonly rest?: readonly number[];
}

const text = (word: string): number[] => [...word].map((letter) => letter.charCodeAt(0));
const big = (value: number, size: number): number[] =>
  Array.from({ length: size }, (_, k) => Number((BigInt(value) >> BigInt(8 * (size - 1 - k))) & 0xffn));
const chunk = ([id, content, padding = 0]: Chunk): number[] => [
  ...text(id),
  ...big(content.length, 4),
  ...content,
  ...(padding !== false && content.length % 2 === 1 ? [padding] : []),
];

/** An AIFF file of 16 kHz with these bytes as its samples. */
function aiff(content: readonly number[], parts: AiffParts): Uint8Array {
  const { bits, channels = 1, compression, between = [], after = [], rest = [] } = parts;
  const width = compression !== undefined && /law|raw/i.test(compression) ? 1 : Math.ceil(bits / 8);
  const format = [
    ...big(channels, 2),
    ...big(parts.frames ?? content.length / width / channels, 4),
    ...big(bits, 2),
    // 16000 = 0xfa00 * 2^-2, as 80 bits.
    ...big(0x400cfa, 3),
    ...big(0, 7),
    ...(compression === undefined ? [] : [...text(compression), 0, 0]),
  ];
  const body = [
    ...chunk(['COMM', format]),
    ...between.flatMap(chunk),
    ...text('SSND'),
    ...big(parts.dataSize ?? content.length + 8, 4),
    ...big(0, 8),
    ...content,
    ...(content.length % 2 === 1 ? [0] : []),
    ...after.flatMap(chunk),
    ...rest,
  ];
  return Uint8Array.from([...text('FORM'), ...big(0, 4), ...text(compression === undefined ? 'AIFF' : 'AIFC'), ...body]);
}

const samples = [0, 0.5, -0.5, 0.25, -1, 0.9921875];
/** Integers of these bits in whole bytes, the bits on top. */
const integers = (bits: number, isLittle = false): number[] =>
  samples.flatMap((sample) => {
    const width = Math.ceil(bits / 8);
    const bytes = big(Math.round(sample * 2 ** (bits - 1)) * 2 ** (8 * width - bits), width);
    return isLittle ? bytes.toReversed() : bytes;
  });
const floats = (size: 4 | 8): number[] =>
  samples.flatMap((sample) => {
    const view = new DataView(new ArrayBuffer(8));
    if (size === 4) view.setFloat32(0, sample);
    else view.setFloat64(0, sample);
    return Array.from({ length: size }, (_, k) => view.getUint8(k));
  });

/** Values on the 16-bit scale. */
const expanded = (compression: string, bytes: number[]): number[] =>
  [...(decodeAiff(aiff(bytes, { bits: 16, compression })).channels[0] ?? [])].map((value) => value * 32768 + 0);

describe('AIFF', () => {
  const whole: [string, Uint8Array][] = [
    ...[8, 12, 16, 20, 24, 32].map((bits): [string, Uint8Array] => [`${bits} bits`, aiff(integers(bits), { bits })]),
    ...[16, 24, 32].map((bits): [string, Uint8Array] => [
      `${bits} bits, little-endian`,
      aiff(integers(bits, true), { bits, compression: 'sowt' }),
    ]),
    ['in24', aiff(integers(24), { bits: 24, compression: 'in24' })],
    ['42ni', aiff(integers(24, true), { bits: 24, compression: '42ni' })],
    ['in32', aiff(integers(32), { bits: 32, compression: 'in32' })],
    [
      '8 bits without sign',
      aiff(
        samples.map((sample) => 128 + 128 * sample),
        { bits: 8, compression: 'raw ' },
      ),
    ],
    ['floats of 32 bits', aiff(floats(4), { bits: 32, compression: 'fl32' })],
    ['floats of 64 bits', aiff(floats(8), { bits: 64, compression: 'FL64' })],
    ...[0, 0x7fffffff, 0xffffffff].map((size): [string, Uint8Array] => [
      `the length ${size} of a stream`,
      aiff(integers(16), { bits: 16, dataSize: size, frames: size }),
    ]),
    ['an unknown number of samples', aiff(integers(16), { bits: 16, frames: 0 })],
    ['an odd chunk without its padding', aiff(integers(16), { bits: 16, between: [['NAME', text('A44'), false]] })],
    ['an odd chunk with it', aiff(integers(16), { bits: 16, between: [['NAME', text('A44')]], after: [['ANNO', [1]]] })],
    ['one stray byte', aiff([...integers(16), 7], { bits: 16, frames: 6 })],
    ['something after it', aiff(integers(16), { bits: 16, rest: [1, 2, 3] })],
  ];
  it.each(whole)('with %s is read exactly', (_, bytes) => {
    const { sampleRate, channels } = decodeAiff(bytes);
    expect([sampleRate, channels.length]).toEqual([16_000, 1]);
    expect([...(channels[0] ?? [])]).toEqual(samples);
  });

  it('of A-law and mu-law is expanded', () => {
    for (const name of ['alaw', 'ALAW']) expect(expanded(name, [0xd5, 0x55, 0xaa])).toEqual([8, -8, 32256]);
    for (const name of ['ulaw', 'ULAW']) expect(expanded(name, [0xff, 0x80, 0x00])).toEqual([0, 32124, -32124]);
  });

  it('tells the base note of its instrument', () => {
    const instrument: Chunk = ['INST', [57, ...Array.from<number>({ length: 19 }).fill(0)]];
    expect(decodeAiff(aiff(integers(16), { bits: 16, after: [instrument] })).rootKey).toBe(57);
    expect(decodeAiff(aiff(integers(16), { bits: 16 })).rootKey).toBeUndefined();
  });

  it.each([
    ['fewer samples than it says', aiff(integers(16), { bits: 16, frames: 9 }), /expected 9 samples, found 6: the file is cut/],
    ['more samples than it says', aiff(integers(16), { bits: 16, frames: 4 }), /expected 4 samples as its header says, found 6/],
    ['its end missing', aiff(integers(16), { bits: 16 }).subarray(0, 60), /bytes of SSND, found \d+: the file is cut short/],
    ['another coding', aiff(integers(16), { bits: 16, compression: 'ima4' }), /found "ima4"/],
    ['no samples', aiff(integers(16), { bits: 16 }).subarray(0, 38), /one of them missing/],
  ])('with %s is refused', (_, bytes, message) => {
    expect(() => decodeAiff(bytes)).toThrow(message);
  });
});
