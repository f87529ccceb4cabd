import { describe, expect, it } from 'vitest';
import { OptionError } from '../errors.js';
import { denseOperator } from '../sparse-operator.js';
import { melFilterbank, type MelFilterbankOptions } from './filterbank.js';
import { hertzToMel, melToHertz, type MelScale } from './scale.js';

/** The scales as their authors wrote them down. */
const definition: Record<MelScale, { mel: (hertz: number) => number; hertz: (mel: number) => number }> = {
  // O'Shaughnessy 1987, as in the HTK Book: 1127 ln(1 + f / 700), the same to 4 digits.
  htk: { mel: (f) => 2595 * Math.log10(1 + f / 700), hertz: (m) => 700 * (10 ** (m / 2595) - 1) },
  // Slaney 1998, Auditory Toolbox: 15 mels up to 1000 Hz, then 27 equal ratios up to 6400 Hz.
  slaney: {
    mel: (f) => (f < 1000 ? (3 * f) / 200 : 15 + (27 * Math.log(f / 1000)) / Math.log(6.4)),
    hertz: (m) => (m < 15 ? (200 * m) / 3 : 1000 * 6.4 ** ((m - 15) / 27)),
  },
};

/** Row-major [bins, bands]: every bin against every band. */
function naiveFilterbank(options: MelFilterbankOptions): number[] {
  const { fftSize, bands, sampleRate, low = 0, high = sampleRate / 2, scale = 'slaney', normalise = 'none' } = options;
  const { mel, hertz } = definition[scale];
  const edges = Array.from({ length: bands + 2 }, (_, i) => hertz(mel(low) + ((mel(high) - mel(low)) * i) / (bands + 1)));
  const weights: number[] = [];
  for (let bin = 0; bin <= fftSize / 2; bin++) {
    for (let band = 0; band < bands; band++) {
      const frequency = (bin * sampleRate) / fftSize;
      const [lower, centre, upper] = edges.slice(band, band + 3) as [number, number, number];
      const triangle = Math.max(0, Math.min((frequency - lower) / (centre - lower), (upper - frequency) / (upper - centre)));
      weights.push(normalise === 'area' ? (2 * triangle) / (upper - lower) : triangle);
    }
  }
  return weights;
}

describe('mel scales', () => {
  it.each<[MelScale, number, number]>([
    // librosa's documentation of hz_to_mel and mel_to_hz.
    ['slaney', 60, 0.9],
    ['slaney', 110, 1.65],
    ['slaney', 220, 3.3],
    ['slaney', 440, 6.6],
    ['slaney', 200, 3],
    // Where the two halves of the scale meet, and where 27 ratios end.
    ['slaney', 1000, 15],
    ['slaney', 6400, 42],
    ['slaney', 0, 0],
    // The scale is made so that 1000 Hz are 1000 mel, nearly; a factor of 10 in 1 + f / 700 is 2595 mel.
    ['htk', 0, 0],
    ['htk', 1000, 999.98554],
    ['htk', 6300, 2595],
  ])('%s: %d Hz is %d mel, and back', (scale, hertz, mel) => {
    expect(hertzToMel(hertz, scale)).toBeCloseTo(mel, 4);
    expect(Math.abs(melToHertz(mel, scale) - hertz)).toBeLessThanOrEqual(1e-6 * hertz);
  });

  it.each<MelScale>(['htk', 'slaney'])('%s: as defined, rising, and undone by its inverse', (scale) => {
    let before = -1;
    for (let hertz = 0; hertz <= 22_050; hertz += 49.5) {
      const mel = hertzToMel(hertz, scale);
      expect(mel).toBeGreaterThan(before);
      expect(mel).toBeCloseTo(definition[scale].mel(hertz), 9);
      expect(melToHertz(mel, scale)).toBeCloseTo(hertz, 8);
      before = mel;
    }
  });

  it('takes htk where no scale is given, and refuses others', () => {
    expect(hertzToMel(440)).toBe(hertzToMel(440, 'htk'));
    expect(melToHertz(440)).toBe(melToHertz(440, 'htk'));
    for (const scale of ['bark', 'toString', '']) expect(() => hertzToMel(1, scale as MelScale)).toThrow(OptionError);
  });
});

describe('mel filterbank', () => {
  const cases: readonly MelFilterbankOptions[] = [
    { fftSize: 1024, bands: 40, sampleRate: 16_000 },
    { fftSize: 1024, bands: 20, sampleRate: 16_000, scale: 'htk', normalise: 'area' },
    { fftSize: 512, bands: 10, sampleRate: 44_100, low: 300.5, high: 7000, normalise: 'area' },
    { fftSize: 400, bands: 12, sampleRate: 8000, low: 80, scale: 'htk' },
    { fftSize: 64, bands: 40, sampleRate: 16_000, allowEmptyBands: true },
    { fftSize: 16, bands: 1, sampleRate: 2 },
  ];

  it.each(cases)('has the weight of every bin in every band: %o', (options) => {
    const bank = melFilterbank(options);
    expect([bank.rows, bank.columns]).toEqual([options.fftSize / 2 + 1, options.bands]);
    const dense = denseOperator(bank);
    // float32 weights, at most 1: half of 2^-23.
    for (const [i, weight] of naiveFilterbank(options).entries()) expect(Math.abs(dense[i]! - weight)).toBeLessThan(1e-7);
  });

  it('sums to 1 over the bands wherever two of them overlap', () => {
    const bands = 20;
    const options = { fftSize: 2048, bands, sampleRate: 16_000 } as const;
    const dense = denseOperator(melFilterbank(options));
    const { mel, hertz } = definition.slaney;
    const [first, last] = [1, bands].map((i) => hertz((mel(8000) * i) / (bands + 1))) as [number, number];
    for (let bin = 0; bin <= 1024; bin++) {
      const frequency = (bin * 16_000) / 2048;
      if (frequency < first || frequency > last) continue;
      expect(dense.slice(bin * bands, (bin + 1) * bands).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
    }
  });

  it('gives every band the same area where asked to: 1 Hz of weight', () => {
    const bands = 20;
    const dense = denseOperator(melFilterbank({ fftSize: 16_384, bands, sampleRate: 16_000, normalise: 'area' }));
    for (let band = 0; band < bands; band++) {
      let area = 0;
      for (let bin = 0; bin <= 8192; bin++) area += (dense[bin * bands + band]! * 16_000) / 16_384;
      expect(area).toBeCloseTo(1, 3);
    }
  });

  it('refuses bands without a bin unless they are allowed, and limits that cannot be', () => {
    const options = { fftSize: 64, bands: 40, sampleRate: 16_000 } as const;
    expect(() => melFilterbank(options)).toThrow(/found none under \d+ of 40 \(first: 0\). Bins are 250.0 Hz apart/);
    for (const wrong of [
      { low: -1 },
      { high: 8001 },
      { low: 500, high: 500 },
      { low: Number.NaN },
      { high: Number.NaN },
      { bands: 0 },
      { bands: 2.5 },
      { sampleRate: 0 },
      { sampleRate: Number.POSITIVE_INFINITY },
      { fftSize: Number.NaN },
      { scale: 'bark' as MelScale },
      { normalise: 'peak' as 'none' },
    ]) {
      expect(() => melFilterbank({ ...options, allowEmptyBands: true, ...wrong }), JSON.stringify(wrong)).toThrow(OptionError);
    }
  });
});
