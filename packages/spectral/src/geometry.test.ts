import { describe, expect, it } from 'vitest';
import { OptionError } from './errors.js';
import { geometry, mostImage } from './geometry.js';
import { harmonicRepresentation } from './harmonic/harmonic-representation.js';
import { representation } from './representation/representation.js';

describe('the size of an image', () => {
  it.each([
    ['bins', { fullBins: 2 ** 26 }],
    ['bins', { fullBins: 2 ** 26, bins: 2 ** 26 }],
    ['frames', { fullFrames: 2 ** 40 }],
    ['samples', { samples: 2 ** 40 }],
    ['sampleRate', { sampleRate: 1e308 }],
  ])('has a bound, named, for %s as a file may have it', (option, options) => {
    expect(() => harmonicRepresentation(options)).toThrow(new RegExp(`expected ${option} .*(from|at most)`));
    expect(() => harmonicRepresentation(options)).toThrow(OptionError);
  });

  it('has a bound for waveforms too', () => {
    for (const options of [{ frames: 2 ** 40 }, { samples: 2 ** 40 }, { frames: 2 ** 28, samples: 1000 }]) {
      expect(() => representation({ kind: 'waveform', ...options })).toThrow(/from 1 to/);
    }
  });

  it('has a bound for all values together', () => {
    expect(() => geometry({ frames: 65_536, bins: 16_384 })).toThrow(
      /at most 33554432 values .* found 65536 frames x 16384 bins/,
    );
  });

  it('leaves room for sixteen times the paper', () => {
    expect(geometry({ frames: 512, bins: 4096, samples: 1_000_000 })).toMatchObject({ fftSize: 8192, hop: 2048 });
    expect(mostImage.values).toBeGreaterThan(16 * 128 * 1024);
  });
});
