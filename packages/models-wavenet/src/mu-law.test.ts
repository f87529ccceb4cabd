import { expectClose, readGolden, readGoldenNpy } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import { muLawDecode, muLawEncode } from './mu-law.js';

const golden = (name: string): ArrayLike<number> => readGoldenNpy(`wavenet/mu_law/${name}.npy`).data as ArrayLike<number>;

describe('mu-law', () => {
  it('encodes as the original, within a step where that stands at the edge of two, and clips what it gives a 129th code', () => {
    const [samples, codes, levels] = ['sweep_input', 'sweep_code', 'sweep_prefloor_float64'].map(golden) as [
      ArrayLike<number>,
      ArrayLike<number>,
      ArrayLike<number>,
    ];
    const mine = muLawEncode(samples);
    let edges = 0;
    for (const [index, code] of mine.entries()) {
      const wanted = Math.min(127, codes[index]!);
      const level = levels[index]!;
      // The original rounds to float32 before it cuts.
      if (Math.abs(level - Math.round(level)) < 1e-3) {
        edges++;
        expect(Math.abs(code - wanted)).toBeLessThanOrEqual(1);
      } else expect(code).toBe(wanted);
    }
    expect(edges).toBeLessThan(50);
  });

  it('encodes the values that are easily got wrong', () => {
    const { spot_input_code: spots } = readGolden<{ spot_input_code: [number, number][] }>('wavenet/mu_law/spots.json');
    expect([...muLawEncode(spots.map(([sample]) => sample))]).toEqual(spots.map(([, code]) => Math.min(127, code)));
  });

  it('decodes as the original, and encoding again gives every code', () => {
    const codes = golden('codes');
    const decoded = muLawDecode(codes);
    expectClose(decoded, golden('decoded'), { absolute: 1e-7 });
    expect([...muLawEncode(decoded)]).toEqual(Array.from(codes));
    expect(decoded[128]).toBe(0);
  });

  it('takes what is too loud as the loudest there is', () => {
    expect([...muLawEncode([1, 7, -1, -7])]).toEqual([127, 127, -128, -128]);
  });
});
