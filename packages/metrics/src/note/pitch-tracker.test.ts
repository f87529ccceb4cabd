import { collections } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import { hertzOfPitch, ShapeError, trackPitch, ValueError } from '../index.js';
import { noise, tone } from '../test-support/notes.js';

const sampleRate = 16000;

describe('trackPitch', () => {
  it.each([24, 36.5, 48, 60, 71.9, 84, 96])('finds pitch %f to a hundredth of a semitone', (pitch) => {
    const audio = tone(hertzOfPitch(pitch), { partials: [1, 0.5, 0.3, 0.2] });
    const { cents, clarity, freeCents } = trackPitch(audio, { sampleRate, pitch });
    expect(Math.abs(cents!)).toBeLessThan(1);
    expect(Math.abs(freeCents!)).toBeLessThan(1);
    expect(clarity).toBeGreaterThan(0.99);
  });

  it.each([-300, -45, -7.5, 12, 49, 420])('measures a note that is %f cents off', (off) => {
    const audio = tone(hertzOfPitch(60 + off / 100), { partials: [1, 0.7, 0.5] });
    // 1 cent: far below the 20 cents that anybody asks about
    expect(Math.abs(trackPitch(audio, { sampleRate, pitch: 60 }).cents! - off)).toBeLessThan(1);
  });

  it('hears the fundamental that is missing', () => {
    const audio = tone(hertzOfPitch(45), { partials: [0, 1, 0.8, 0.6, 0.5] });
    expect(Math.abs(trackPitch(audio, { sampleRate, pitch: 45 }).cents!)).toBeLessThan(1);
  });

  it('shows a note one octave too high in the free estimate', () => {
    const { cents, freeCents } = trackPitch(tone(hertzOfPitch(72), { partials: [1, 0.4] }), { sampleRate, pitch: 60 });
    expect(Math.abs(cents!)).toBeLessThan(1);
    expect(Math.abs(freeCents! - 1200)).toBeLessThan(1);
  });

  it('gives noise a low clarity', () => {
    expect(trackPitch(noise(16000), { sampleRate, pitch: 60 }).clarity).toBeLessThan(0.2);
  });

  it('keeps its estimate under noise 10 dB below the tone', () => {
    const clean = tone(hertzOfPitch(64), { partials: [1, 0.5, 0.25] });
    const hiss = noise(clean.length, 0.2);
    const { cents } = trackPitch(
      clean.map((value, i) => value + hiss[i]!),
      { sampleRate, pitch: 64 },
    );
    expect(Math.abs(cents!)).toBeLessThan(3);
  });

  it('says that silence has no pitch', () => {
    expect(trackPitch(new Float32Array(16000), { sampleRate, pitch: 60 })).toEqual({
      hertz: null,
      cents: null,
      clarity: 0,
      freeHertz: null,
      freeCents: null,
    });
  });

  it('does not depend on loudness', () => {
    const loud = tone(220, { partials: [1, 0.5] });
    const quiet = loud.map((value) => value * 1e-6);
    const [a, b] = [loud, quiet].map((audio) => trackPitch(audio, { sampleRate, pitch: 57 }).cents!);
    expect(a).toBeCloseTo(b!, 6);
  });

  it('refuses what it cannot judge', () => {
    expect(() => trackPitch([], { sampleRate, pitch: 60 })).toThrow(ShapeError);
    expect(() => trackPitch(new Float32Array(500), { sampleRate, pitch: 60 })).toThrow(/at least \d+ samples for pitch 60/);
    expect(() => trackPitch([0, Number.NaN, 1], { sampleRate, pitch: 60 })).toThrow(/found NaN at sample 1/);
    expect(() => trackPitch(tone(220), { sampleRate, pitch: 128 })).toThrow(ValueError);
    expect(() => trackPitch(tone(220), { sampleRate, pitch: 127 })).toThrow(/Hz, of pitch 127/);
    expect(() => trackPitch(tone(220), { sampleRate: 0, pitch: 60 })).toThrow(/sampleRate/);
    expect(() => trackPitch(tone(220), { sampleRate, pitch: Number.NaN })).toThrow(/expected pitch/);
  });
});

describe.each(collections())('trackPitch on recorded instruments: $name', ({ notes, read }) => {
  it(`finds all of ${notes.length} notes within a fifth of a semitone of their pitch`, () => {
    const cents = notes.map(({ id, pitch }) => Math.abs(trackPitch(read(id), { sampleRate, pitch }).cents!));
    // The collections are in tune but for stretched piano strings (+26.5 cents the worst) and an organ: see their own notes.
    expect(cents.filter((off) => off > 20).length / cents.length).toBeLessThan(0.02);
    expect(Math.max(...cents)).toBeLessThan(30);
    expect(cents.sort((a, b) => a - b)[cents.length >> 1]).toBeLessThan(2);
  });
});
