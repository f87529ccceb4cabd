import { describe, expect, it } from 'vitest';
import { hertzOfPitch } from './note-name.js';
import { measurePitch } from './pitch.js';

interface Spectrum {
  readonly partials: readonly number[];
  readonly decay?: number;
  /** Cents either way, 5.5 times a second. */
  readonly vibrato?: number;
  /** Partial k lies at k sqrt(1 + stretch k^2). */
  readonly stretch?: number;
  readonly noise?: number;
  readonly offset?: number;
  readonly sampleRate?: number;
}

/** Uniform noise, the same every time. */
function noise(length: number, peak: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length }, () => (peak * (state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0)) / 2 ** 31);
}

/** 0.5 s, or undefined where no partial lies below the Nyquist frequency. */
function tone(pitch: number, spectrum: Spectrum): Float32Array | undefined {
  const { partials, decay = 0, vibrato = 0, stretch = 0, offset = 0, sampleRate = 16_000 } = spectrum;
  const audio = noise(sampleRate / 2, spectrum.noise ?? 0);
  const heard = partials.flatMap((amplitude, index) => {
    const k = index + 1;
    const hertz = k * hertzOfPitch(pitch) * Math.sqrt((1 + stretch * k * k) / (1 + stretch));
    return amplitude > 0 && hertz < 0.48 * sampleRate ? [{ k, amplitude, hertz }] : [];
  });
  if (heard[0]?.k !== partials.findIndex((amplitude) => amplitude > 0) + 1) return undefined;
  // With one partial alone the missing fundamental is nobody's: the sound is a sine an octave up.
  if (heard.length === 1 && heard[0].k > 1) return undefined;
  const total = heard.reduce((sum, { amplitude }) => sum + amplitude, 0);
  for (const { k, amplitude, hertz } of heard) {
    let phase = k * k;
    for (let n = 0; n < audio.length; n++) {
      const bend = 2 ** ((vibrato * Math.sin((2 * Math.PI * 5.5 * n) / sampleRate)) / 1200);
      phase += ((2 * Math.PI * hertz) / sampleRate) * bend;
      audio[n] = (audio[n] ?? 0) + ((0.5 * amplitude) / total) * Math.sin(phase) * Math.exp((-decay * n) / sampleRate);
    }
  }
  return audio.map((value) => value + offset);
}

const sawtooth = [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5, 1 / 6, 1 / 7, 1 / 8];
const spectra: [string, Spectrum][] = [
  ['a sine', { partials: [1] }],
  ['three partials', { partials: [1, 0.5, 0.33] }],
  ['a sawtooth', { partials: sawtooth }],
  ['a pulse', { partials: Array.from({ length: 20 }, () => 1) }],
  ['odd partials', { partials: [1, 0, 0.6, 0, 0.4] }],
  ['a strong second partial', { partials: [0.4, 1, 0.3, 0.5] }],
  ['a strong third partial', { partials: [0.4, 0.3, 1, 0.2] }],
  ['a missing fundamental', { partials: [0, 1, 0.8, 0.6, 0.5] }],
  ['a decay of 35 dB a second', { partials: sawtooth, decay: 4 }],
  ['vibrato of 40 cents', { partials: sawtooth, vibrato: 40 }],
  ["a piano's stretched partials", { partials: sawtooth, stretch: 0.0004, decay: 1 }],
  ['noise 20 dB below', { partials: sawtooth, noise: 0.05 }],
  ['a constant as high as the tone', { partials: [1, 0.5], offset: 0.4 }],
  ['44100 Hz', { partials: sawtooth, sampleRate: 44_100 }],
  ['8000 Hz', { partials: [1, 0.5], sampleRate: 8000 }],
];

describe('measurePitch', () => {
  it.each(spectra)('hears %s right from MIDI 21 to 108', (_, spectrum) => {
    let [right, refused] = [0, 0];
    for (let pitch = 21; pitch <= 108; pitch += 3) {
      const audio = tone(pitch, spectrum);
      if (audio === undefined) continue;
      const measured = measurePitch(audio, spectrum.sampleRate ?? 16_000);
      // What is not certain may be refused; what is must be right within a quarter tone.
      if (measured === undefined || measured.confidence < 0.8) refused++;
      else expect(Math.abs(measured.pitch - pitch), `${pitch} measured ${measured.pitch}`).toBeLessThan(0.5);
      right++;
    }
    expect(right).toBeGreaterThan(20);
    expect(refused / right).toBeLessThan(0.1);
  });

  it('is not certain of noise, of two notes after one another, of a fundamental as faint as a rumour', () => {
    const two = Float32Array.from([57, 64].flatMap((pitch) => [...(tone(pitch, { partials: sawtooth }) ?? [])]));
    expect(measurePitch(noise(16_000, 0.5), 16_000)?.confidence ?? 0).toBeLessThan(0.5);
    expect(measurePitch(two, 16_000)?.confidence).toBeLessThan(0.8);
    expect(measurePitch(tone(45, { partials: [0.16, 1, 0, 0.4] }) ?? [], 16_000)?.confidence).toBeLessThan(0.8);
  });

  it('has nothing to say of silence, of a constant and of a click', () => {
    expect(measurePitch(new Float32Array(16_000), 16_000)).toBeUndefined();
    expect(measurePitch(new Float32Array(16_000).fill(0.3), 16_000)).toBeUndefined();
    expect(measurePitch([0, 1, 0], 16_000)).toBeUndefined();
    expect(measurePitch([], 16_000)).toBeUndefined();
  });
});
