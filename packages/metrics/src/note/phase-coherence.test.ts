import { readNote, recordedNotes } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import { hertzOfPitch, judgeNote, noteQuality, phaseCoherence, ShapeError, ValueError } from '../index.js';
import { realFft } from '@gansynth/common/fft';
import { hann } from '../numeric/hann.js';
import { noise, tone, uniforms } from '../test-support/notes.js';

const sampleRate = 16000;
const partials = [1, 0.6, 0.4, 0.3, 0.2];
const power = (x: Float32Array): number => x.reduce((sum, value) => sum + value * value, 0);

describe('phaseCoherence', () => {
  it.each([24, 45, 60, 77, 90])('gives a harmonic tone of pitch %i full marks', (pitch) => {
    const hertz = hertzOfPitch(pitch);
    const coherence = phaseCoherence(tone(hertz, { partials, seconds: 2 }), { sampleRate, hertz });
    // 0.1 %: the Hann window's side lobes and the parabola between lags
    expect(coherence.repetition).toBeGreaterThan(0.995);
    expect(coherence.lastingRepetition).toBeGreaterThan(0.995);
    expect(coherence.harmonicEnergy).toBeGreaterThan(0.999);
  });

  it.each([50, 261.6, 1000])('gives noise judged at %f Hz only the share that its bands cover', (hertz) => {
    const { repetition, harmonicEnergy, harmonicEnergyOfNoise } = phaseCoherence(noise(64000), { sampleRate, hertz });
    expect(repetition).toBeLessThan(0.05);
    // 2 %: 62 frames of some 500 independent bins
    expect(Math.abs(harmonicEnergy! - harmonicEnergyOfNoise)).toBeLessThan(0.02);
    expect(harmonicEnergyOfNoise).toBeLessThan(0.51);
  });

  it('takes exactly the share of added noise off the harmonic energy', () => {
    const clean = tone(220, { partials, seconds: 4 });
    const hiss = noise(clean.length, 0.2);
    const mixed = clean.map((value, i) => value + hiss[i]!);
    const { harmonicEnergy, harmonicEnergyOfNoise } = phaseCoherence(mixed, { sampleRate, hertz: 220 });
    const expected = (power(clean) + harmonicEnergyOfNoise * power(hiss)) / (power(clean) + power(hiss));
    expect(Math.abs(harmonicEnergy! - expected)).toBeLessThan(0.01);
  });

  it('finds a partial of another pitch off the harmonics', () => {
    const audio = tone(200).map((value, n) => value + 0.3 * Math.sin((2 * Math.PI * 300 * n) / sampleRate));
    expect(phaseCoherence(audio, { sampleRate, hertz: 200 }).harmonicEnergy).toBeCloseTo(0.5, 2);
  });

  it('has no share to give for silence', () => {
    const { repetition, lastingRepetition, harmonicEnergy } = phaseCoherence(new Float32Array(16000), { sampleRate, hertz: 200 });
    expect([repetition, lastingRepetition, harmonicEnergy]).toEqual([null, null, null]);
  });

  it('refuses what it cannot judge', () => {
    expect(() => phaseCoherence(tone(200, { seconds: 0.02 }), { sampleRate, hertz: 200 })).toThrow(ShapeError);
    expect(() => phaseCoherence(tone(200), { sampleRate, hertz: Number.NaN })).toThrow(ValueError);
    expect(() => phaseCoherence([Number.POSITIVE_INFINITY], { sampleRate, hertz: 200 })).toThrow(/finite/);
  });
});

describe('noteQuality', () => {
  const notes = [48, 55, 60, 64, 72].map((pitch, i) => ({ pitch, audio: tone(hertzOfPitch(pitch + 0.15 * i), { partials }) }));

  it('counts notes within 20 and 50 cents', () => {
    const quality = noteQuality({ sampleRate });
    quality.update(notes); // 0, 15, 30, 45 and 60 cents off
    const { within20Cents, within50Cents, meanAbsoluteCents, harmonicEnergy } = quality.compute();
    expect([within20Cents, within50Cents]).toEqual([0.4, 0.8]);
    expect(meanAbsoluteCents).toBeCloseTo(30, 0);
    expect(harmonicEnergy).toBeGreaterThan(0.99);
  });

  it('gives the same for every split, also through JSON', () => {
    const whole = noteQuality({ sampleRate });
    whole.update(notes);
    const shards = [notes.slice(3), notes.slice(0, 3)].map((part) => {
      const shard = noteQuality({ sampleRate });
      shard.update(part);
      return shard;
    });
    const merged = noteQuality({ sampleRate }, JSON.parse(JSON.stringify(shards[0])));
    merged.merge(shards[1]!);
    for (const [key, value] of Object.entries(whole.compute())) {
      expect(merged.compute()[key as 'notes']).toBeCloseTo(value, 9);
    }
  });

  it('counts silence as failed and refuses to average nothing', () => {
    const quality = noteQuality({ sampleRate });
    expect(() => quality.compute()).toThrow(/at least 1 note/);
    quality.update([{ audio: new Float32Array(16000), pitch: 60 }]);
    expect(quality.compute()).toMatchObject({ notes: 1, silentNotes: 1, within50Cents: 0, harmonicEnergy: 0 });
    expect(() => quality.merge(noteQuality({ sampleRate: 8000 }))).toThrow(/sampleRate: 16000 and 8000/);
  });

  it('judges a note of the wrong pitch at the requested one', () => {
    const { cents, harmonicEnergy } = judgeNote({ audio: tone(hertzOfPitch(63), { partials }), pitch: 60 }, { sampleRate });
    expect(cents).toBeCloseTo(300, 0);
    expect(harmonicEnergy).toBeLessThan(0.3);
  });
});

/** Inverse STFT of the magnitudes of `audio` with phases drawn at random: what an incoherent generator would give at best. */
function scramblePhases(audio: Float32Array, size = 2048): Float32Array {
  const fft = realFft(size);
  const window = hann(size);
  const uniform = uniforms(3);
  const out = new Float32Array(audio.length);
  for (let start = 0; start + size <= audio.length; start += size / 4) {
    const spectrum = fft.transform(window.map((w, n) => w * audio[start + n]!)).slice(0, size + 2);
    for (let i = 0; i < size + 2; i += 2) {
      const modulus = Math.hypot(spectrum[i]!, spectrum[i + 1]!);
      const phase = 2 * Math.PI * uniform();
      spectrum[i] = modulus * Math.cos(phase);
      spectrum[i + 1] = i === 0 || i === size ? 0 : modulus * Math.sin(phase);
    }
    for (const [n, value] of fft.inverse(spectrum).entries()) out[start + n]! += (value * window[n]!) / 1.5;
  }
  return out;
}

describe('phase coherence of recorded instruments', () => {
  const notes = recordedNotes().filter(({ family }) => ['mallet', 'guitar', 'brass', 'reed'].includes(family));

  it.each(notes)('falls when $id loses the phases of its spectrogram and keeps the magnitudes', ({ id, pitch }) => {
    const audio = readNote(id);
    const real = judgeNote({ audio, pitch }, { sampleRate });
    const scrambled = judgeNote({ audio: scramblePhases(audio), pitch }, { sampleRate });
    expect(real.harmonicEnergy).toBeGreaterThan(0.98);
    expect(scrambled.harmonicEnergy).toBeLessThan(real.harmonicEnergy! - 0.02);
    expect(real.lastingRepetition).toBeGreaterThan(0.6);
    expect(scrambled.lastingRepetition).toBeLessThan(0.4);
    expect(Math.abs(scrambled.cents!)).toBeLessThan(50);
  });
});
