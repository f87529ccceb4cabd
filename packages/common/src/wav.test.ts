import { describe, expect, it } from 'vitest';
import { encodeWav, SoundError } from './wav.js';

const text = (file: Uint8Array, at: number): string => String.fromCharCode(...file.subarray(at, at + 4));

describe('encodeWav', () => {
  it('writes a mono 16-bit file whose sizes add up', () => {
    const file = encodeWav([0, 0.5, -1, 1, 2, -2], 16000);
    const view = new DataView(file.buffer);
    expect([text(file, 0), text(file, 8), text(file, 12), text(file, 36)]).toEqual(['RIFF', 'WAVE', 'fmt ', 'data']);
    expect(view.getUint32(4, true)).toBe(file.length - 8);
    expect(view.getUint32(40, true)).toBe(12);
    expect([20, 22, 32, 34].map((at) => view.getUint16(at, true))).toEqual([1, 1, 2, 16]);
    expect([24, 28].map((at) => view.getUint32(at, true))).toEqual([16000, 32000]);
    expect([...new Int16Array(file.buffer, 44)]).toEqual([0, 16384, -32768, 32767, 32767, -32768]);
  });

  it('gives every 16-bit value back that was divided by 32768', () => {
    const values = Int16Array.from({ length: 65536 }, (_, i) => i - 32768);
    const samples = Float32Array.from(values, (value) => value / 32768);
    expect(new Int16Array(encodeWav(samples, 8000).buffer, 44)).toEqual(values);
  });

  it('keeps every bit as floats, beyond full scale too', () => {
    const samples = Float32Array.of(0.1, -1.7, 1e-30);
    const file = encodeWav(samples, 44100, 'float32');
    expect(new Float32Array(file.buffer, 44)).toEqual(samples);
    expect(new DataView(file.buffer).getUint16(20, true)).toBe(3);
    expect(new DataView(file.buffer).getUint32(28, true)).toBe(4 * 44100);
  });

  it.each([[Number.NaN], [Infinity], [-Infinity]])('refuses %s and names its place', (bad) => {
    expect(() => encodeWav([0, bad], 16000)).toThrow(`found ${bad} at sample 1`);
  });

  it.each([[0], [-1], [16000.5], [Number.NaN], [2 ** 32]])('refuses a sample rate of %s', (rate) => {
    expect(() => encodeWav([0], rate)).toThrow(SoundError);
  });
});
