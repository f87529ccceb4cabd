import { describe, expect, it } from 'vitest';
import { prepareRecording } from './prepare-recording.js';

const peak = (samples: Float32Array): number => samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const tone = (level: number, length = 100): Float32Array => Float32Array.from({ length }, (_, n) => level * Math.sin(n));
const joined = (...parts: Float32Array[]): Float32Array => Float32Array.from(parts.flatMap((part) => [...part]));

describe('a recording', () => {
  it('is as loud as the part of it that is kept allows, whatever comes after', () => {
    const { note, recorded } = prepareRecording(joined(tone(0.05), tone(0.9)), 100, true);
    expect(peak(note)).toBeCloseTo(0.95, 6);
    expect(recorded).toBe(100);
  });

  it('begins with the note, or with the silence before it if that is to stay', () => {
    const silence = new Float32Array(50);
    expect(
      prepareRecording(joined(silence, tone(0.5)), 100, true)
        .note.slice(0, 3)
        .map(Math.abs)[0],
    ).toBeGreaterThan(0);
    expect(prepareRecording(joined(silence, tone(0.5)), 100, false).note.slice(0, 50)).toEqual(silence);
  });

  it('is followed by silence where it is short, and stays silent where it is', () => {
    const { note, recorded } = prepareRecording(joined(new Float32Array(5), tone(0.5, 10)), 100, true);
    expect(note.slice(10)).toEqual(new Float32Array(90));
    // It begins with a sine's first sample, which is silence too.
    expect(recorded).toBe(9);
    expect(prepareRecording(new Float32Array(10), 20, true).note).toEqual(new Float32Array(20));
  });
});
