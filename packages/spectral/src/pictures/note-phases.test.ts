import { describeOnBackends, expectNoLeak } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import { NonFiniteError, notePhases, OptionError, ShapeError } from '../index.js';

const tone = (hertz: number, samples = 16_000): Float32Array =>
  Float32Array.from({ length: samples }, (_, n) =>
    [1, 2, 3].reduce((sum, k) => sum + (0.5 / k ** 2) * Math.sin((2 * Math.PI * k * hertz * n) / 16_000), 0),
  );

describeOnBackends('notePhases', () => {
  it('follows the strongest partials, whose phase turns by their frequency from hop to hop', async () => {
    const hertz = 261.6;
    const { partials, frames, bins, hop, unwrapped } = await notePhases(tone(hertz), { fundamental: hertz });
    expect([frames, bins, hop]).toEqual([1 + Math.floor((16_000 - 1024) / 256), 513, 256]);
    expect(unwrapped.length).toBe(frames * bins);
    expect(partials.map((one) => one.hertz)).toEqual(
      [1, 2, 3].map((k) => (Math.round((k * hertz * 1024) / 16_000) * 16_000) / 1024),
    );
    for (const [i, { wrapped, unwrapped: line, frequency }] of partials.entries()) {
      const turns = (2 * hop * (i + 1) * hertz) / 16_000;
      const expected = turns - 2 * Math.round(turns / 2);
      for (let frame = 1; frame < frames; frame++) {
        expect(Math.abs(wrapped[frame]!)).toBeLessThanOrEqual(Math.PI + 1e-5);
        // Other partials leak a little through the window.
        expect(frequency[frame]).toBeCloseTo(expected, 2);
        expect(line[frame]! - line[frame - 1]!).toBeCloseTo(Math.PI * frequency[frame]!, 3);
      }
    }
  });

  it('marks where cycles begin: upward zero crossings, a period apart', async () => {
    const { waveform, start, cycles, hop } = await notePhases(tone(200), { fundamental: 200 });
    expect(start % hop).toBe(0);
    expect(waveform.length).toBe(5 * hop + 1);
    expect(cycles.length).toBe(16);
    for (const [i, at] of cycles.entries()) {
      expect(at - cycles[0]!).toBeCloseTo(80 * i, 9);
      expect(Math.abs(waveform[Math.round(at) - start]!)).toBeLessThan(0.06);
    }
  });

  it('leaves nothing behind', async () => {
    await expectNoLeak(async () => void (await notePhases(tone(440), { fundamental: 440 })));
  });
});

describe('notePhases', () => {
  it('refuses what it cannot draw', async () => {
    await expect(notePhases(tone(440, 3000), { fundamental: 440 })).rejects.toThrow(ShapeError);
    for (const fundamental of [0, 8000, 1e9]) await expect(notePhases(tone(440), { fundamental })).rejects.toThrow(OptionError);
    await expect(notePhases(tone(440).fill(Number.NaN), { fundamental: 440 })).rejects.toThrow(NonFiniteError);
  });
});
