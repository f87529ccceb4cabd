import { describe, expect, it } from 'vitest';
import { encodeWav, wavChannel, wavLayout } from './wav.js';

interface Layout {
  readonly code: 1 | 3;
  readonly bits: number;
  readonly channels?: number;
  readonly extensible?: boolean;
  readonly extra?: boolean;
}

/** A WAV file byte by byte, as slowly and plainly as can be. */
function build(samples: readonly number[], { code, bits, channels = 1, extensible = false, extra = false }: Layout): Uint8Array {
  const bytes: number[] = [];
  const text = (word: string): void => void bytes.push(...[...word].map((letter) => letter.charCodeAt(0)));
  const little = (value: number, size: number): void => {
    for (let k = 0; k < size; k++) bytes.push(Number((BigInt(value) >> BigInt(8 * k)) & 0xffn));
  };
  const block = (channels * bits) / 8;
  text('RIFF');
  little(0, 4);
  text('WAVE');
  if (extra) {
    text('LIST');
    little(3, 4);
    bytes.push(1, 2, 3, 0); // an odd chunk is padded
  }
  text('fmt ');
  little(extensible ? 40 : 16, 4);
  little(extensible ? 0xfffe : code, 2);
  little(channels, 2);
  little(22_050, 4);
  little(22_050 * block, 4);
  little(block, 2);
  little(bits, 2);
  if (extensible) {
    little(22, 2);
    little(bits, 2);
    little(4, 4);
    little(code, 2);
    for (const byte of [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71]) bytes.push(byte);
  }
  text('data');
  little((samples.length * bits) / 8, 4);
  for (const sample of samples) {
    if (code === 3) {
      const view = new DataView(new ArrayBuffer(8));
      if (bits === 32) view.setFloat32(0, sample, true);
      else view.setFloat64(0, sample, true);
      for (let k = 0; k < bits / 8; k++) bytes.push(view.getUint8(k));
    } else little(bits === 8 ? sample * 128 + 128 : sample * 2 ** (bits - 1), bits / 8);
  }
  return Uint8Array.from(bytes);
}

// Exact in 8 bits and more.
const samples = [0, 0.5, -0.5, 0.25, -1, 0.9921875];
const layouts: Layout[] = [
  { code: 1, bits: 8 },
  { code: 1, bits: 16 },
  { code: 1, bits: 24 },
  { code: 1, bits: 32 },
  { code: 3, bits: 32 },
  { code: 3, bits: 64 },
  { code: 1, bits: 16, channels: 2 },
  { code: 1, bits: 24, channels: 3 },
  { code: 1, bits: 16, extensible: true },
  { code: 3, bits: 32, extensible: true, channels: 2 },
  { code: 1, bits: 16, extra: true },
];

describe('WAV', () => {
  it.each(layouts)('of %j is read exactly', (layout) => {
    const bytes = build(samples, layout);
    const channels = layout.channels ?? 1;
    const found = wavLayout(bytes);
    expect(found).toMatchObject({ sampleRate: 22_050, channels, frames: samples.length / channels, bitsPerSample: layout.bits });
    for (let channel = 0; channel < channels; channel++)
      expect([...wavChannel(bytes, found, channel)]).toEqual(samples.filter((_, index) => index % channels === channel));
  });

  it('is read from any address in memory', () => {
    const bytes = build(samples, { code: 1, bits: 16 });
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    const view = shifted.subarray(1);
    expect([...wavChannel(view, wavLayout(view))]).toEqual(samples);
  });

  it('is written in 16 bits, rounded, and limited at full scale', () => {
    const bytes = encodeWav(Float32Array.of(0, 0.5, -1, 1, 3, -3, 0.4 / 32768, 0.6 / 32768), 16000);
    const values = [...wavChannel(bytes, wavLayout(bytes))].map((value) => value * 32768);
    expect(values).toEqual([0, 16384, -32768, 32767, 32767, -32768, 0, 1]);
  });

  it.each([
    [
      'MP3 inside',
      build(samples, { code: 1, bits: 16 }).map((byte, index) => (index === 20 ? 0x55 : byte)),
      /found format 85 with 16 bits/,
    ],
    [
      '12 bits',
      build(samples, { code: 1, bits: 16 }).map((byte, index) => (index === 34 ? 12 : byte)),
      /found format 1 with 12 bits/,
    ],
    [
      'a block of another size',
      build(samples, { code: 1, bits: 16 }).map((byte, index) => (index === 32 ? 3 : byte)),
      /found 1 in 3 bytes/,
    ],
    ['no data', build(samples, { code: 1, bits: 16 }).subarray(0, 36), /expected a data chunk/],
    ['a float that is no number', build([Number.NaN], { code: 3, bits: 32 }), /found NaN at sample 0/],
    ['a float beyond use', build([1e30], { code: 3, bits: 64 }), /at sample 0/],
  ])('with %s is refused', (_, bytes, message) => {
    expect(() => wavChannel(bytes, wavLayout(bytes))).toThrow(message);
  });
});
